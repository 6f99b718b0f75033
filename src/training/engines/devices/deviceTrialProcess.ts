import { endWithParent } from '../../../platform/processes/endWithParent.ts';
import type { DeviceName } from '../../../protocol/events.ts';
import type { TrainingPrecision } from '../../precision/trainingPrecision.ts';
import { tryDevice } from './deviceTrial.ts';

endWithParent();

/** The program that tries a device at a precision, its arguments, and sends its parent what it found. */
const [device, precision] = process.argv.slice(2);
const trial = await tryDevice(device as DeviceName, precision as TrainingPrecision);
process.send?.(trial, () => {
  process.disconnect();
});
