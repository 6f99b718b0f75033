import type { DeviceName } from '../../protocol/events.ts';
import { tryDevice } from './deviceTrial.ts';

/** The program that tries the device named by its argument and sends its parent what it found. */
const trial = await tryDevice(process.argv[2] as DeviceName);
process.send?.(trial, () => {
  process.disconnect();
});
