import assert from 'node:assert/strict';
import { InferenceSession, Tensor } from '../../src/platform/onnxRuntime.ts';
import type { Split } from '../../src/data/samples/split.ts';
import { randomStream } from '../../src/data/random.ts';
import { classificationMetrics } from '../../src/evaluation/metrics.ts';
import { encodeModel } from '../../src/onnx/file.ts';
import type { ModelProto } from '../../src/onnx/onnx_pb.ts';
import { elementCount } from '../../src/onnx/tensor.ts';
import { modelOf, type InitialNetwork } from '../../src/students/initialNetwork.ts';
import { trainNetwork } from '../../src/training/trainNetwork.ts';
import { classPatterns } from './classPatterns.ts';

export interface BriefTraining {
  readonly network: InitialNetwork;
  readonly sampleShape: readonly number[];
  readonly classes: number;
  readonly epochs?: number;
  readonly learningRate?: number;
}

/**
 * Trains a network for a few steps, asserts that its loss falls, and that plain ONNX Runtime computes from the exported
 * model what the validation of the training computed.
 */
export async function trainBriefly(options: BriefTraining): Promise<ModelProto> {
  const { network, sampleShape, classes, epochs = 3, learningRate = 0.003 } = options;
  const training = classPatterns({ count: 32, sampleShape, classes });
  const labels = Int32Array.from({ length: training.count }, (_, index) => index % classes);
  const losses: number[] = [];
  const validated: { logits: Float32Array; accuracy: number | null; loss: number }[] = [];
  const trained = await trainNetwork({
    network: 'student',
    graph: network.graph,
    ...(network.trainable && { trainable: network.trainable }),
    task: 'classification',
    samples: { kind: 'values' },
    sampleShape,
    outputShape: [classes],
    training,
    validation: training,
    objective: [{ loss: 'labels', weight: 1, smoothing: 0 }],
    options: {
      optimizer: 'adam',
      momentum: 0.9,
      learningRate,
      schedule: 'constant',
      warmup: 0,
      batchSize: 8,
      seed: 0,
      epochs,
    },
    device: 'cpu',
    random: randomStream(0, 'order'),
    measure: (logits) => {
      const metrics = classificationMetrics(logits, labels, classes, { outputs: 'logits' });
      validated.push({ logits: logits.slice(), ...metrics });
      return metrics;
    },
    signal: new AbortController().signal,
    onEvent: (event) => {
      if (event.kind === 'epoch') losses.push(event.losses['total'] ?? NaN);
    },
  });
  // Batch statistics of eight samples make the losses jump, so that the last epoch alone says little.
  const [first = NaN, ...later] = losses;
  assert.ok(Math.min(...later) < 0.85 * first, `the loss falls: ${losses.join(', ')}`);
  const model = modelOf(network, trained.weights, { name: 'student', metadata: { 'distillery.run': 'test' } });
  const outputs = await runModel(model, training, sampleShape);
  const expected = validated[trained.bestEpoch - 1]?.logits;
  assert.ok(expected);
  assert.equal(outputs.length, expected.length);
  outputs.forEach((value, index) => {
    assert.ok(Math.abs(value - expected[index]!) < 1e-3 * (1 + Math.abs(value)), `${value} is not ${expected[index]}`);
  });
  return model;
}

/** The first output of a model for all samples of a split, from plain ONNX Runtime. */
async function runModel(model: ModelProto, split: Split, sampleShape: readonly number[]): Promise<Float32Array> {
  const samples = new Float32Array(split.count * elementCount(sampleShape));
  await split.read(
    Array.from({ length: split.count }, (_, index) => index),
    samples,
  );
  const session = await InferenceSession.create(encodeModel(model), { intraOpNumThreads: 1, logSeverityLevel: 3 });
  try {
    const [input = '', output = ''] = [session.inputNames[0], session.outputNames[0]];
    const rank = model.graph?.input[0]?.type?.value;
    const flat = rank?.case === 'tensorType' && rank.value.shape?.dim.length === 2;
    const shape = flat ? [split.count, elementCount(sampleShape)] : [split.count, ...sampleShape];
    const results = await session.run({ [input]: new Tensor('float32', samples, shape) });
    return results[output]!.data as Float32Array;
  } finally {
    await session.release();
  }
}
