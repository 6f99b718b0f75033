import { endWithParent } from '../../../platform/processes/endWithParent.ts';
import type { DeviceName } from '../../../protocol/events.ts';
import { tryDevice, type TrialWishes } from './deviceTrial.ts';

endWithParent();

/** The program that tries a device with wishes (JSON), its arguments, and sends its parent what it found. */
const [device, wishes = '{}'] = process.argv.slice(2);
const trial = await tryDevice(device as DeviceName, JSON.parse(wishes) as TrialWishes);
process.send?.(trial, () => {
  process.disconnect();
});
