import { precisionOf } from '../experiment/precisionOf.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { DeviceName } from '../protocol/events.ts';
import { chooseDevice, type ChosenDevice } from '../training/engines/devices/chooseDevice.ts';

/** Architectures with convolutions of images. */
const CONVOLVING: ReadonlySet<string> = new Set(['convnet', 'resnet', 'mobilenetv2', 'autoencoder']);

export interface ChoosingOptions {
  /** Ends the trial where nobody needs to know any more. */
  readonly signal?: AbortSignal | undefined;
  /** Whether it is known already how images are laid out there. */
  readonly knowsLayout?: boolean | undefined;
}

/**
 * Where a run trains, which a process of its own tries.
 *
 * @param wanted as the experiment says, or where the run began
 */
export async function chooseTrainingDevice(
  experiment: Pick<Experiment, 'engine' | 'teacher' | 'student' | 'training'>,
  wanted: DeviceName | 'auto',
  { signal, knowsLayout = false }: ChoosingOptions = {},
): Promise<ChosenDevice> {
  if (experiment.engine === 'tensorflow') {
    return { device: 'cpu', message: 'Trains with TensorFlow on the CPU.', fellBack: false };
  }
  const triesLayouts = !knowsLayout && mayConvolve(experiment);
  return chooseDevice(wanted, { precision: precisionOf(experiment), triesLayouts }, signal);
}

/** Whether a network that is trained may have convolutions of images: its architecture has, or it comes from a file. */
function mayConvolve({ teacher, student }: Pick<Experiment, 'teacher' | 'student'>): boolean {
  return [student, teacher].some(
    (network) => network && (!('architecture' in network) || CONVOLVING.has(network.architecture)),
  );
}
