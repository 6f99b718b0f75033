import { randomStream } from '../src/data/random.ts';
import type { Samples } from '../src/data/task.ts';
import { exportModel } from '../src/onnx/exporting/exportModel.ts';
import { encodeModel } from '../src/onnx/file.ts';
import { countMacs, countParameters } from '../src/onnx/cost/cost.ts';
import { elementCount } from '../src/onnx/tensor.ts';
import type { DeviceName } from '../src/protocol/events.ts';
import { buildStudent } from '../src/students/buildStudent.ts';
import { OnnxRuntimeStep } from '../src/training/engines/onnxruntimeStep.ts';
import { networkOf } from '../src/training/engines/openedNetwork.ts';
import { Predictor } from '../src/training/engines/predictor.ts';
import { openSession } from '../src/training/engines/session.ts';
import { networkInputs } from '../src/training/networkInputs.ts';
import { chooseOptimizer } from '../src/training/optimizers/chooseOptimizer.ts';
import { describeState } from '../src/training/step/parameters.ts';
import { lossScaleOf, type TrainingPrecision } from '../src/training/precision/trainingPrecision.ts';
import { RunLength } from '../src/training/runLength.ts';
import { buildTrainingStep } from '../src/training/step/trainingStep.ts';
import { CLASSES, formOf, type BenchCase } from './cases.ts';

/** Something whose steps are timed. */
export interface Timed {
  readonly parameters: number;
  /** Multiply-accumulate operations of a forward pass of one sample. */
  readonly macs: number;
  /** Does as many steps as are fastest at once, waits for their results and tells their number. */
  run(): Promise<number>;
  dispose(): Promise<void>;
}

function samplesOf({ vocabulary }: BenchCase): Samples {
  return vocabulary === undefined ? { kind: 'values' } : { kind: 'tokens', vocabulary, padding: 0 };
}

/** How a training is timed. */
interface TrainingForm {
  /** By default the CPU. */
  readonly device?: DeviceName | undefined;
  /** Segments of the forward pass that are computed again; by default everything is kept. */
  readonly recomputeSegments?: number | undefined;
  /** By default float32. */
  readonly precision?: TrainingPrecision | undefined;
}

/** Training steps: distillation with Adam, the losses read back. */
export async function openTraining(
  network: BenchCase,
  { device = 'cpu', recomputeSegments, precision = 'float32' }: TrainingForm = {},
): Promise<Timed> {
  const multipliesInBfloat16 = precision === 'bfloat16';
  const random = randomStream(0, 'bench');
  const student = buildStudent(network.architecture, formOf(network), random);
  const optimizer = chooseOptimizer({ optimizer: 'adam', momentum: 0 });
  const graph = buildTrainingStep({
    student,
    state: describeState(student),
    objective: [
      { loss: 'kd', temperature: 4, weight: 0.9, target: 'soft', standardize: false },
      { loss: 'labels', weight: 0.1, smoothing: 0 },
    ],
    optimizer,
    recomputeSegments,
    joinsNormalizations: device === 'cpu' && !multipliesInBfloat16 && (recomputeSegments ?? 1) === 1,
    halfPrecision: lossScaleOf(precision),
    multipliesInBfloat16,
    batchSize: network.batch,
    task: 'classification',
    samples: samplesOf(network),
    sampleShape: network.input,
    outputShape: [CLASSES],
  });
  const runtime = await OnnxRuntimeStep.create(graph, device);
  const samples = Float32Array.from({ length: network.batch * elementCount(network.input) }, () =>
    network.vocabulary === undefined ? random.uniform() : 1 + random.integer(network.vocabulary - 1),
  );
  const teacher = Float32Array.from({ length: network.batch * CLASSES }, () => random.normal());
  const labels = new Float32Array(network.batch * CLASSES);
  for (let row = 0; row < network.batch; row++) labels[row * CLASSES + random.integer(CLASSES)] = 1;
  const runLength = new RunLength(runtime.mostSteps, samples.byteLength + teacher.byteLength + labels.byteLength);
  let number = 0;
  return {
    parameters: countParameters(student),
    macs: countMacs(student),
    async run() {
      const start = performance.now();
      const steps = Array.from({ length: runLength.steps }, () => ({
        batch: { samples, labels, 'teacher.0': teacher },
        scalars: optimizer.scalarsAt({ learningRate: 1e-3, step: ++number }),
      }));
      await runtime.run(steps);
      await runtime.losses();
      runLength.note(steps.length, performance.now() - start);
      return steps.length;
    },
    dispose: () => runtime.dispose(),
  };
}

/** A forward pass of the exported student, in plain ONNX Runtime. */
export async function openInference(network: BenchCase, device: DeviceName = 'cpu'): Promise<Timed> {
  const student = buildStudent(network.architecture, formOf(network), randomStream(0, 'bench'));
  const session = await openSession(encodeModel(exportModel(student, { name: 'student' })), { device });
  const inputShape = [network.batch, ...network.input];
  const predictor = new Predictor({
    network: networkOf(session),
    inputs: networkInputs(student.inputs),
    samples: samplesOf(network),
    inputShape,
    outputs: ['logits'],
  });
  return {
    parameters: countParameters(student),
    macs: countMacs(student),
    async run() {
      await predictor.runOnce();
      return 1;
    },
    dispose: () => predictor.dispose(),
  };
}
