import { randomStream } from '../../data/random.ts';
import { messageOf } from '../../errors.ts';
import type { DeviceName } from '../../protocol/events.ts';
import { buildStudent } from '../../students/buildStudent.ts';
import { adam } from '../optimizers/adam.ts';
import { describeState } from '../parameters.ts';
import { buildTrainingStep, type TrainingStep } from '../trainingStep.ts';
import { OnnxRuntimeStep } from './onnxruntimeStep.ts';

/** What trying a device showed. */
export type DeviceTrial =
  | { readonly device: DeviceName; readonly works: true; readonly stepMs: number }
  | { readonly device: DeviceName; readonly works: false; readonly reason: string };

/** How far a device's weights may be from the CPU's after the trial's steps. */
const TOLERANCE = 1e-3;
const TRIAL_STEPS = 4;

/** Trains a small network for a few steps on a device and compares its weights with the CPU's. */
export async function tryDevice(device: DeviceName): Promise<DeviceTrial> {
  try {
    const step = trialStep();
    const expected = device === 'cpu' ? undefined : (await runTrial(step, 'cpu')).weights;
    const { weights, stepMs } = await runTrial(step, device);
    if (expected) {
      const difference = weights.reduce(
        (most, weight, index) => Math.max(most, Math.abs(weight - (expected[index] ?? NaN))),
        0,
      );
      if (!(difference < TOLERANCE))
        return { device, works: false, reason: `its results differ from the CPU's by ${difference}` };
    }
    return { device, works: true, stepMs };
  } catch (error) {
    return { device, works: false, reason: firstSentence(messageOf(error)) };
  }
}

/** An MLP 784-512-512-10 at batch 128: large enough for a GPU to show what it can do. */
function trialStep(): TrainingStep {
  const student = buildStudent({ architecture: 'mlp', hidden: [512, 512] }, [784], 10, randomStream(0, 'trial'));
  return buildTrainingStep({
    student,
    state: describeState(student),
    objective: [{ loss: 'labels', weight: 1 }],
    optimizer: adam,
    weightDecay: 0,
    batchSize: 128,
    sampleShape: [784],
    classes: 10,
  });
}

async function runTrial(step: TrainingStep, device: DeviceName): Promise<{ weights: Float32Array; stepMs: number }> {
  const runtime = await OnnxRuntimeStep.create(step, device);
  try {
    const random = randomStream(1, 'trial');
    const samples = Float32Array.from({ length: 128 * 784 }, () => random.uniform());
    const labels = Float32Array.from({ length: 1280 }, (_, index) =>
      index % 10 === Math.floor(index / 10) % 10 ? 1 : 0,
    );
    let stepMs = Infinity;
    for (let number = 1; number <= TRIAL_STEPS; number++) {
      const start = performance.now();
      await runtime.run({ batch: { samples, labels }, scalars: adam.scalarsAt({ learningRate: 1e-4, step: number }) });
      await runtime.losses();
      stepMs = Math.min(stepMs, performance.now() - start);
    }
    const state = await runtime.readState();
    return { weights: Float32Array.from(state.get('parameters') ?? []), stepMs };
  } finally {
    await runtime.dispose();
  }
}

/** The message without the source location and the long tail that native code puts around it. */
function firstSentence(message: string): string {
  const lines = message.trim().split('\n');
  const line = (lines[0] ?? '')
    .replace(/^ONNX Runtime refuses the graph on \w+: /, '')
    .replace(/^\/\S+:\d+ .*? was false\. /, '');
  return line.replace(/\.$/, '');
}
