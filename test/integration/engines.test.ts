import assert from 'node:assert/strict';
import type { Split } from '../../src/data/samples/split.ts';
import { randomStream } from '../../src/data/random.ts';
import type { FloatTensor } from '../../src/onnx/tensor.ts';
import { buildStudent } from '../../src/students/buildStudent.ts';
import { classifierForm } from '../../src/students/networkForm.ts';
import type { EngineOptions, EngineStep, TrainingEngine } from '../../src/training/engines/engine.ts';
import { OnnxRuntimeEngine } from '../../src/training/engines/onnxruntimeEngine.ts';
import { TensorflowEngine } from '../../src/training/engines/tensorflow/tensorflowEngine.ts';
import {
  mlpNetwork,
  mobilenetNetwork,
  resnetNetwork,
  transformerNetwork,
  type EngineNetwork,
} from '../support/engineNetworks.ts';
import { cpuTensorflow } from '../support/tensorflow.ts';
import { fullOr, tellShortened } from '../support/full.ts';

/**
 * Largest relative difference of a loss at any step. Both engines compute in float32, whose unit is 1.2e-7; the largest
 * difference seen is 2.1e-6, of a small kd loss of the transformer, and 9e-7 for the other networks. The differences of the
 * total stay within 5e-7 from the first step to the last: within 50 steps rounding does not visibly add up.
 */
const CURVE_TOLERANCE = 5e-6;

/** Largest difference of a weight after all steps, relative to the largest weight of its tensor, or to 1. */
const WEIGHT_TOLERANCE = 1e-5;

const STEPS = fullOr(50, 12);
const BATCH = 4;

/** Random batches of samples, labels and teacher logits; the same for both engines. */
function steps({ sampleShape, classes, vocabulary }: EngineNetwork, learningRate: number): EngineStep[] {
  const random = randomStream(3, 'batches');
  const length = BATCH * sampleShape.reduce((product, dimension) => product * dimension, 1);
  return Array.from({ length: STEPS }, (_, index) => {
    const labels = new Float32Array(BATCH * classes);
    for (let row = 0; row < BATCH; row++) labels[row * classes + Math.floor(random.uniform() * classes)] = 1;
    const samples = Float32Array.from({ length }, () =>
      vocabulary === undefined ? random.normal() : Math.floor(random.uniform() * vocabulary),
    );
    const teacher = Float32Array.from({ length: BATCH * classes }, () => 2 * random.normal());
    return { batch: { samples, labels, 'teacher.0': teacher }, learningRate, step: index + 1 };
  });
}

async function trainingCurve(engine: TrainingEngine, run: readonly EngineStep[]): Promise<Record<string, number>[]> {
  const curve: Record<string, number>[] = [];
  for (const step of run) {
    await engine.run([step]);
    curve.push(...(await engine.losses()));
  }
  return curve;
}

/** Both engines with the same weights and options, trained on the same batches. */
async function trainBoth(
  network: EngineNetwork,
  settings: Pick<EngineOptions, 'optimizer' | 'clipNorm' | 'averageDecay'>,
  learningRate: number,
  inspect: (ours: Trained, theirs: Trained) => void,
): Promise<void> {
  tellShortened('engines step by step: 12 steps, not 50');
  const options = optionsOf(network, settings);
  const run = steps(network, learningRate);
  const ours = await train(await OnnxRuntimeEngine.open(options), run);
  const tf = await cpuTensorflow();
  const tensorsBefore = tf.memory().numTensors;
  const theirs = await train(new TensorflowEngine(tf, options), run);
  assert.equal(tf.memory().numTensors, tensorsBefore, 'the TensorFlow engine left tensors behind');
  inspect(ours, theirs);
}

function optionsOf(
  network: EngineNetwork,
  settings: Pick<EngineOptions, 'optimizer' | 'clipNorm' | 'averageDecay'>,
): EngineOptions {
  return {
    task: 'classification',
    samples: { kind: 'values' },
    graph: network.graph,
    sampleShape: network.sampleShape,
    outputShape: [network.classes],
    objective: [
      { loss: 'kd', temperature: 3, weight: 0.7, target: 'soft', standardize: false },
      { loss: 'labels', weight: 0.3, smoothing: 0 },
    ],
    ...settings,
    seed: 1,
    batchSize: BATCH,
    predictionBatch: BATCH,
    device: 'cpu',
  };
}

interface Trained {
  readonly curve: readonly Readonly<Record<string, number>>[];
  readonly weights: ReadonlyMap<string, FloatTensor>;
  readonly logits: Float32Array;
}

async function train(engine: TrainingEngine, run: readonly EngineStep[]): Promise<Trained> {
  try {
    const curve = await trainingCurve(engine, run);
    return { curve, weights: await engine.readWeights(), logits: await engine.predict(predicted(run), neverAborted) };
  } finally {
    await engine.dispose();
  }
}

/** The first batch and half of it again, to be predicted in a whole and a partial batch. */
function predicted(run: readonly EngineStep[]): Split {
  const samples = run[0]!.batch['samples']!;
  const length = samples.length / BATCH;
  return {
    count: BATCH + BATCH / 2,
    targets: { kind: 'none' },
    read: (indices, target) => {
      Array.from(indices).forEach((index, row) => {
        const start = (index % BATCH) * length;
        target.set(samples.subarray(start, start + length), row * length);
      });
      return Promise.resolve();
    },
  };
}

const neverAborted = new AbortController().signal;

function assertEqualCurves(ours: Trained['curve'], theirs: Trained['curve']): void {
  assert.equal(ours.length, STEPS);
  ours.forEach((losses, index) => {
    assert.deepEqual(Object.keys(theirs[index]!).sort(), ['kd', 'labels', 'total']);
    for (const [name, loss] of Object.entries(losses)) {
      const difference = Math.abs(loss - theirs[index]![name]!) / Math.abs(loss);
      assert.ok(
        difference <= CURVE_TOLERANCE,
        `step ${index + 1}, ${name}: ${loss} and ${theirs[index]![name]} differ by ${difference}`,
      );
    }
  });
}

function assertClose(ours: Float32Array, theirs: Float32Array, what: string): void {
  assert.equal(ours.length, theirs.length);
  const largest = Math.max(1, ...ours.map(Math.abs));
  ours.forEach((value, index) => {
    const difference = Math.abs(value - theirs[index]!) / largest;
    assert.ok(
      difference <= WEIGHT_TOLERANCE,
      `${what}[${index}]: ${value} and ${theirs[index]} differ by ${difference}`,
    );
  });
}

const networks: readonly (readonly [string, () => EngineNetwork])[] = [
  ['an MLP', mlpNetwork],
  ['a ResNet-8', resnetNetwork],
  ['MobileNetV2 blocks', mobilenetNetwork],
  ['a two-layer transformer', transformerNetwork],
];

const momentum = { optimizer: { optimizer: 'sgd', momentum: 0.9, weightDecay: 0.01 } } as const;
const adam = { optimizer: { optimizer: 'adam', momentum: 0, weightDecay: 0.01 } } as const;

/** A dense network with dropout, whose biases and weights all have gradients. */
function dropoutNetwork(): EngineNetwork {
  const random = randomStream(2, 'weights');
  const student = { architecture: 'mlp', hidden: [16, 12], dropout: 0.3 } as const;
  return { graph: buildStudent(student, classifierForm([6], 3), random), sampleShape: [6], classes: 3 };
}

const crafts: readonly (readonly [string, number, Parameters<typeof optionsOf>[1]])[] = [
  ['AdamW', 0.003, { optimizer: { optimizer: 'adamw', momentum: 0, beta1: 0.8, beta2: 0.95, epsilon: 1e-3 } }],
  ["Nesterov's momentum", 0.02, { optimizer: { optimizer: 'sgd', momentum: 0.9, nesterov: true } }],
  ['LAMB', 0.02, { optimizer: { optimizer: 'lamb', momentum: 0, epsilon: 1e-3 } }],
  ['Lion', 0.001, { optimizer: { optimizer: 'lion', momentum: 0, weightDecay: 0.1 } }],
  ['clipped gradients', 0.05, { ...momentum, clipNorm: 0.5 }],
  ['averaged weights', 0.02, { ...momentum, averageDecay: 0.9 }],
];

describe('the engines train alike with every craft, dropout included', () => {
  for (const [name, learningRate, settings] of crafts) {
    it(`${name}: losses, weights and predictions`, async () => {
      await trainBoth(dropoutNetwork(), settings, learningRate, (ours, theirs) => {
        assertEqualCurves(ours.curve, theirs.curve);
        for (const [weight, tensor] of ours.weights) assertClose(tensor.data, theirs.weights.get(weight)!.data, weight);
        assertClose(ours.logits, theirs.logits, 'logits');
      });
    });
  }

  it('averages running statistics as well', async () => {
    await trainBoth(resnetNetwork(), { ...momentum, averageDecay: 0.9 }, 0.02, (ours, theirs) => {
      for (const [weight, tensor] of ours.weights) assertClose(tensor.data, theirs.weights.get(weight)!.data, weight);
      assertClose(ours.logits, theirs.logits, 'logits');
    });
  });
});

describe('an engine goes on from the state that was read of another', () => {
  const engines: readonly (readonly [string, (options: EngineOptions) => Promise<TrainingEngine>])[] = [
    ['ONNX Runtime', (options) => OnnxRuntimeEngine.open(options)],
    ['TensorFlow', async (options) => new TensorflowEngine(await cpuTensorflow(), options)],
  ];
  for (const [name, open] of engines) {
    it(`${name}: to the last bit`, async () => {
      const network = resnetNetwork();
      const options = optionsOf(network, { ...adam, averageDecay: 0.9 });
      const run = steps(network, 0.003).slice(0, 6);
      const whole = await train(await open(options), run);
      const first = await open(options);
      await trainingCurve(first, run.slice(0, 3));
      const state = await first.readState();
      await first.dispose();
      const second = await open(options);
      second.writeState(state);
      const rest = await train(second, run.slice(3));
      assert.deepEqual(rest.curve, whole.curve.slice(3));
      assert.deepEqual(rest.weights, whole.weights);
    });

    it(`${name}: unless it is of another network`, async () => {
      const engine = await open(optionsOf(mlpNetwork(), adam));
      const other = await open(optionsOf(mlpNetwork(), momentum));
      try {
        const state = await other.readState();
        assert.throws(() => {
          engine.writeState(state);
        }, /of another network or optimizer/);
      } finally {
        await engine.dispose();
        await other.dispose();
      }
    });
  }
});

describe('the engines train alike, step by step', () => {
  for (const [name, network] of networks) {
    it(`${name}, with momentum: losses, weights, statistics and predictions`, async () => {
      await trainBoth(network(), momentum, 0.02, (ours, theirs) => {
        assertEqualCurves(ours.curve, theirs.curve);
        assert.deepEqual([...theirs.weights.keys()].sort(), [...ours.weights.keys()].sort());
        for (const [weight, tensor] of ours.weights) assertClose(tensor.data, theirs.weights.get(weight)!.data, weight);
        assertClose(ours.logits, theirs.logits, 'logits');
      });
    });

    // Weights are not compared: Adam divides by the gradient's size, so that a weight whose gradient is zero but for
    // rounding (a bias before a normalisation, the bias of attention's keys) walks at random, without any effect on the loss.
    it(`${name}, with Adam: losses`, async () => {
      await trainBoth(network(), adam, 0.003, (ours, theirs) => {
        assertEqualCurves(ours.curve, theirs.curve);
      });
    });
  }
});
