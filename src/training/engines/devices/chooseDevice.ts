import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { listSupportedBackends } from '../../../platform/onnxRuntime.ts';
import { DistilleryError } from '../../../errors.ts';
import type { DeviceName } from '../../../protocol/events.ts';
import type { TrainingPrecision } from '../../precision/trainingPrecision.ts';
import { forkProgram } from '../../../platform/processes/childProgram.ts';
import { onceEnded } from '../../../platform/processes/onceEnded.ts';
import type { ImageLayout } from '../session.ts';
import { tellLayout } from './chooseLayout.ts';
import type { DeviceTrial, TrialWishes } from './deviceTrial.ts';

/** The device that a run trains on, and why. */
export interface ChosenDevice {
  readonly device: DeviceName;
  /** One sentence for the person: what was chosen, and what was tried in vain. */
  readonly message: string;
  /** True when another device was asked for. */
  readonly fellBack: boolean;
  /** How images are laid out there; left out where there is no choice, or none was tried. */
  readonly layout?: ImageLayout | undefined;
}

const accelerators: readonly DeviceName[] = ['cuda', 'webgpu', 'dml', 'coreml'];

/** A driver may take long to compile its first kernels, but one that takes longer hangs. */
const TRIAL_TIMEOUT_MS = 60_000;

/**
 * Chooses where to train by trying: `auto` does a few steps of a small network on every device that this build of
 * ONNX Runtime knows and takes the fastest that computes what the CPU computes; a named device is taken when it works.
 * Falls back to the CPU with the reason. Where bfloat16 is wanted, other devices than the CPU are tried in float32, which they would train in.
 * @param wishes by default float32, and one layout of images
 * @param signal ends a trial that nobody waits for any more
 * @throws DistilleryError `DEVICE` when a device that is asked for works, but not at this precision
 */
export async function chooseDevice(
  requested: DeviceName | 'auto',
  { precision = 'float32', triesLayouts = false }: Partial<TrialWishes> = {},
  signal?: AbortSignal,
): Promise<ChosenDevice> {
  if (requested === 'cpu') return { device: 'cpu', message: 'Trains on the CPU.', fellBack: false };
  const tryOn = (device: DeviceName) => tryInChild(device, { precision, triesLayouts }, signal);
  const candidates = requested === 'auto' ? accelerators.filter(isInstalled) : [requested];
  const trials: DeviceTrial[] = [];
  for (const device of candidates) trials.push(await tryOn(device));
  if (requested !== 'auto') refuseLackOf(precision, trials);

  const [best] = trials.flatMap((trial) => (trial.works ? [trial] : [])).sort((a, b) => a.stepMs - b.stepMs);
  if (best && requested !== 'auto') return chosen(best, `Trains on ${best.device}.`);
  const cpu = best ? await tryOn('cpu') : undefined;
  const speedUp = best && cpu?.works ? cpu.stepMs / best.stepMs : 0;
  if (best && speedUp > 1) {
    return chosen(best, `Trains on ${best.device}, ${speedUp.toFixed(1)}× as fast as the CPU in a short trial.`);
  }
  const reasons = trials.map((trial) =>
    trial.works ? `${trial.device} works, but is slower in a short trial` : `${trial.device}: ${trial.reason}`,
  );
  const message = reasons.length > 0 ? `Trains on the CPU (${reasons.join('; ')}).` : 'Trains on the CPU.';
  return { device: 'cpu', message, fellBack: requested !== 'auto' };
}

function chosen({ device, layout }: DeviceTrial & { readonly works: true }, message: string): ChosenDevice {
  if (!layout) return { device, message, fellBack: false };
  return { device, message: `${message} ${tellLayout(layout)}`, fellBack: false, layout: layout.layout };
}

function refuseLackOf(precision: TrainingPrecision, trials: readonly DeviceTrial[]): void {
  for (const trial of trials) {
    if (trial.works || trial.lacksPrecision !== true) continue;
    throw new DistilleryError('DEVICE', `${trial.device} cannot train in ${precision} here: ${trial.reason}.`, {
      hint: "Set training.precision to 'float32', or choose the device 'cpu', which is slower.",
    });
  }
}

/** Whether this installation of ONNX Runtime brings what the device needs. */
function isInstalled(device: DeviceName): boolean {
  const backend = listSupportedBackends().find(({ name }) => name === device);
  if (!backend) return false;
  if (backend.bundled) return true;
  const binaries = join(dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json')), 'bin');
  return existsSync(join(binaries, 'napi-v6', process.platform, process.arch, `libonnxruntime_providers_${device}.so`));
}

/** Tries a device in a process of its own, so that a driver that crashes, hangs or prints takes nothing with it. */
async function tryInChild(
  device: DeviceName,
  wishes: TrialWishes,
  aborted: AbortSignal | undefined,
): Promise<DeviceTrial> {
  if (!isInstalled(device)) return { device, works: false, reason: 'ONNX Runtime is installed without it' };
  const stdio = ['ignore', 'ignore', 'ignore', 'ipc'] as const;
  const child = forkProgram('deviceTrialProcess', import.meta.url, {
    args: [device, JSON.stringify(wishes)],
    stdio: [...stdio],
    timeout: TRIAL_TIMEOUT_MS,
    signal: aborted,
  });
  return new Promise((resolve) => {
    child.once('message', (trial) => {
      resolve(trial as DeviceTrial);
    });
    child.once('error', (error) => {
      resolve({ device, works: false, reason: error.message });
    });
    onceEnded(child, (code, signal) => {
      const reason =
        signal === 'SIGTERM'
          ? `did not answer within ${TRIAL_TIMEOUT_MS / 1000} s`
          : `its driver crashed (${signal ?? `exit code ${code ?? '?'}`})`;
      resolve({ device, works: false, reason });
    });
  });
}
