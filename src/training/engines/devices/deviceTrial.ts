import { randomStream } from '../../../data/random.ts';
import { messageOf } from '../../../errors.ts';
import type { DeviceName } from '../../../protocol/events.ts';
import { elementCount } from '../../../onnx/tensor.ts';
import { buildStudent, type Architecture } from '../../../students/buildStudent.ts';
import { classifierForm } from '../../../students/networkForm.ts';
import { chooseOptimizer } from '../../optimizers/chooseOptimizer.ts';
import { describeState } from '../../step/parameters.ts';
import { lossScaleOf, type TrainingPrecision } from '../../precision/trainingPrecision.ts';
import { buildTrainingStep, type TrainingStep } from '../../step/trainingStep.ts';
import { precisionOn } from '../bfloat16Products.ts';
import { preferLayout } from '../session.ts';
import { chooseLayout, type LayoutChoice } from './chooseLayout.ts';
import { OnnxRuntimeStep } from '../onnxruntimeStep.ts';

/** What trying a device showed. */
export type DeviceTrial =
  | {
      readonly device: DeviceName;
      readonly works: true;
      readonly stepMs: number;
      /** How images are laid out best there; left out where it was not tried. */
      readonly layout?: LayoutChoice | undefined;
    }
  | {
      readonly device: DeviceName;
      readonly works: false;
      readonly reason: string;
      /** True when it would do in float32. */
      readonly lacksPrecision?: boolean;
    };

/**
 * How far a device's weights may be from the CPU's after the trial's steps, on average: these move a weight by up to 4e-4, and float16
 * instead of float32 on the CPU makes a difference of 8e-8.
 */
const TOLERANCE = 1e-5;
const STEPS = 4;

const optimizer = chooseOptimizer({ optimizer: 'adam', momentum: 0 });

/** A device whose first step takes this long is not timed further: it is a driver in software. */
const HOPELESS_MS = 1000;

/** Small enough to be compared quickly; large enough for a GPU to show what it can do. */
const comparedNetwork: TrialNetwork = {
  architecture: { architecture: 'mlp', hidden: [64] },
  sampleShape: [784],
  batchSize: 32,
};
const timedNetwork: TrialNetwork = {
  architecture: { architecture: 'mlp', hidden: [512, 512] },
  sampleShape: [784],
  batchSize: 128,
};
/** Images and channels of a size between those of small students and large ones. */
const imageNetwork: TrialNetwork = {
  architecture: { architecture: 'convnet', channels: [32, 64], hidden: [], batchNormalization: true },
  sampleShape: [3, 32, 32],
  batchSize: 64,
};

interface TrialNetwork {
  readonly architecture: Architecture;
  readonly sampleShape: readonly number[];
  readonly batchSize: number;
}

/** What is to be tried. */
export interface TrialWishes {
  /** What the networks are to be trained in. */
  readonly precision: TrainingPrecision;
  /** Whether a device that can lay images out in two ways is timed with both. */
  readonly triesLayouts: boolean;
}

/**
 * Trains a small network for a few steps on a device, compares its weights with the CPU's, and times a larger one, and one of images in both
 * layouts where that is asked for.
 */
export async function tryDevice(device: DeviceName, { precision, triesLayouts }: TrialWishes): Promise<DeviceTrial> {
  const fault = await findFault(device, precision);
  if (fault !== undefined) {
    const plainFault = precision === 'float32' ? fault : await findFault(device, 'float32');
    if (plainFault !== undefined) return { device, works: false, reason: plainFault };
    return { device, works: false, reason: fault, lacksPrecision: true };
  }
  try {
    const { stepMs } = await runTrial(timedNetwork, device, precision);
    const canChoose = triesLayouts && device === 'webgpu' && stepMs < HOPELESS_MS;
    const layout = canChoose
      ? await chooseLayout(async (each) => {
          preferLayout(each);
          return (await runTrial(imageNetwork, device, precision)).stepMs;
        })
      : undefined;
    return { device, works: true, stepMs, layout };
  } catch (error) {
    return { device, works: false, reason: reasonOf(error) };
  }
}

/** Why a device cannot be trained on: it fails, or computes something else than the CPU. */
async function findFault(device: DeviceName, precision: TrainingPrecision): Promise<string | undefined> {
  if (device === 'cpu') return undefined;
  try {
    // The device first: where there is none, that is all that has to be found out.
    const { weights } = await runTrial(comparedNetwork, device, precision);
    const expected = (await runTrial(comparedNetwork, 'cpu', await precisionOn(device, precision))).weights;
    const difference =
      weights.reduce((sum, weight, index) => sum + Math.abs(weight - (expected[index] ?? NaN)), 0) / weights.length;
    return difference < TOLERANCE ? undefined : `its results differ from the CPU's by ${difference}`;
  } catch (error) {
    return reasonOf(error);
  }
}

/** A training step of a classifier of ten classes. @param precision one that the device has */
function trialStep({ architecture, sampleShape, batchSize }: TrialNetwork, precision: TrainingPrecision): TrainingStep {
  const student = buildStudent(architecture, classifierForm(sampleShape, 10), randomStream(0, 'trial'));
  return buildTrainingStep({
    student,
    state: describeState(student),
    objective: [{ loss: 'labels', weight: 1, smoothing: 0 }],
    optimizer,
    batchSize,
    task: 'classification',
    samples: { kind: 'values' },
    sampleShape,
    outputShape: [10],
    halfPrecision: lossScaleOf(precision),
    multipliesInBfloat16: precision === 'bfloat16',
  });
}

/** Does the trial's steps; the time is the shortest of one step. */
async function runTrial(
  network: TrialNetwork,
  device: DeviceName,
  precision: TrainingPrecision,
): Promise<{ weights: Float32Array; stepMs: number }> {
  const runtime = await OnnxRuntimeStep.create(trialStep(network, await precisionOn(device, precision)), device);
  try {
    const random = randomStream(1, 'trial');
    const length = network.batchSize * elementCount(network.sampleShape);
    const samples = Float32Array.from({ length }, () => random.uniform());
    const labels = new Float32Array(network.batchSize * 10);
    for (let row = 0; row < network.batchSize; row++) labels[row * 10 + (row % 10)] = 1;
    let stepMs = Infinity;
    for (let step = 1; step <= STEPS; step++) {
      const start = performance.now();
      await runtime.run([{ batch: { samples, labels }, scalars: optimizer.scalarsAt({ learningRate: 1e-4, step }) }]);
      await runtime.losses();
      stepMs = Math.min(stepMs, performance.now() - start);
      if (network === timedNetwork && stepMs > HOPELESS_MS) break;
    }
    const state = await runtime.readState();
    return { weights: Float32Array.from(state.get('parameters') ?? []), stepMs };
  } finally {
    await runtime.dispose();
  }
}

/** What ONNX Runtime says where there is no graphics device, or none with a driver that it can use. */
const NO_DEVICE = /No supported adapters|Failed to get a WebGPU adapter|no WebGPU adapter/i;

/** Why a device does not work, as a phrase. */
function reasonOf(error: unknown): string {
  const message = messageOf(error);
  return NO_DEVICE.test(message) ? 'no graphics device was found' : firstSentence(message);
}

/** The message without the source location and the long tail that native code puts around it. */
function firstSentence(message: string): string {
  const lines = message.trim().split('\n');
  const line = (lines[0] ?? '')
    .replace(/^ONNX Runtime refuses the graph on \w+: /, '')
    .replace(/^\/\S+:\d+ .*? was false\. /, '')
    .replace(/^Non-zero status code .*? Status Message: \S+:\d+ \w+ /, '');
  return line.replace(/\.$/, '');
}
