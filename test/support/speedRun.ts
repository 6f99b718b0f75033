// Measures the speed of a small network on a device and prints what was measured, and what was warned of, as JSON.
import type { DeviceName } from '../../src/protocol/events.ts';
import { openSessions } from '../../src/training/engines/session.ts';
import { measureSmallNetwork } from './measuredSpeed.ts';

const { device, speeds, cpuSpeeds, warnings } = await measureSmallNetwork((process.argv[2] ?? 'cpu') as DeviceName);
const measured = { device, speed: speeds.get('student'), cpuSpeed: cpuSpeeds?.get('student'), warnings };
process.stdout.write(JSON.stringify({ ...measured, openSessions: openSessions() }));
