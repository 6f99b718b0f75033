import { precisionOf } from '../experiment/precisionOf.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { DeviceName } from '../protocol/events.ts';
import { chooseDevice, type ChosenDevice } from '../training/engines/devices/chooseDevice.ts';

/**
 * Where a run trains, which a process of its own tries.
 *
 * @param wanted as the experiment says, or where the run began
 * @param signal ends the trial where nobody needs to know any more
 */
export async function chooseTrainingDevice(
  experiment: Pick<Experiment, 'engine' | 'teacher' | 'training'>,
  wanted: DeviceName | 'auto',
  signal?: AbortSignal,
): Promise<ChosenDevice> {
  if (experiment.engine === 'tensorflow') {
    return { device: 'cpu', message: 'Trains with TensorFlow on the CPU.', fellBack: false };
  }
  return chooseDevice(wanted, precisionOf(experiment), signal);
}
