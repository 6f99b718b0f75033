import { listSupportedBackends } from 'onnxruntime-node';
import { randomStream } from '../../data/random.ts';
import { messageOf } from '../../errors.ts';
import type { DeviceName } from '../../protocol/events.ts';
import { buildStudent } from '../../students/buildStudent.ts';
import { adam } from '../optimizers/adam.ts';
import { describeState } from '../parameters.ts';
import { buildTrainingStep, type TrainingStep } from '../trainingStep.ts';
import { OnnxRuntimeStep } from './onnxruntimeStep.ts';

/** The device that a run trains on, and why. */
export interface ChosenDevice {
  readonly device: DeviceName;
  /** One sentence for the person: what was chosen, and what was tried in vain. */
  readonly message: string;
  /** True when another device was asked for. */
  readonly fellBack: boolean;
}

/** What trying a device showed. */
export type DeviceTrial =
  | { readonly device: DeviceName; readonly works: true; readonly stepMs: number }
  | { readonly device: DeviceName; readonly works: false; readonly reason: string };

const accelerators: readonly DeviceName[] = ['cuda', 'webgpu', 'dml', 'coreml'];

/** How far a device's weights may be from the CPU's after the trial's steps. */
const TOLERANCE = 1e-3;
const TRIAL_STEPS = 4;

/**
 * Chooses where to train by trying: `auto` does a few steps of a small network on every device that this build of
 * ONNX Runtime knows and takes the fastest that computes what the CPU computes; a named device is taken when it works.
 * Falls back to the CPU with the reason.
 */
export async function chooseDevice(requested: DeviceName | 'auto'): Promise<ChosenDevice> {
  if (requested === 'cpu') return { device: 'cpu', message: 'Trains on the CPU.', fellBack: false };
  const known = new Set(listSupportedBackends().map((backend) => backend.name));
  const cpu = await tryDevice('cpu');
  const candidates = requested === 'auto' ? accelerators.filter((device) => known.has(device)) : [requested];
  const trials: DeviceTrial[] = [];
  for (const device of candidates) trials.push(await tryDevice(device));

  const working = trials.flatMap((trial) => (trial.works ? [trial] : [])).sort((a, b) => a.stepMs - b.stepMs);
  const reasons = trials.flatMap((trial) => (trial.works ? [] : [`${trial.device}: ${trial.reason}`]));
  const [best] = working;
  if (best && requested !== 'auto')
    return { device: best.device, message: `Trains on ${best.device}.`, fellBack: false };
  const cpuMs = cpu.works ? cpu.stepMs : Infinity;
  if (best && best.stepMs < cpuMs) {
    return {
      device: best.device,
      message: `Trains on ${best.device}, ${(cpuMs / best.stepMs).toFixed(1)}× as fast as the CPU in a short trial.`,
      fellBack: false,
    };
  }
  const slower = working.map(
    ({ device, stepMs }) => `${device}: ${(stepMs / cpuMs).toFixed(1)}× as slow as the CPU in a short trial`,
  );
  const why = [...slower, ...reasons].join('; ');
  return {
    device: 'cpu',
    message: why ? `Trains on the CPU (${why}).` : 'Trains on the CPU.',
    fellBack: requested !== 'auto',
  };
}

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
