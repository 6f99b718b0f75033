import { isMainThread } from 'node:worker_threads';
import { DistilleryError } from '../errors.ts';

const VARIABLE = 'ORT_DISABLE_TELEMETRY';

/**
 * Turns off the telemetry of ONNX Runtime: from version 1.30 on, Microsoft's builds keep an identifier of the device and a queue of
 * events, with names of models, in the person's cache folder, and send them, unless this variable is set when the library loads.
 *
 * @throws DistilleryError `INTERNAL` in a thread whose process has not done this: a thread's environment is a copy that libraries do not see
 */
export function silenceTelemetry(): void {
  if (process.env[VARIABLE] === '1') return;
  if (!isMainThread) {
    throw new DistilleryError('INTERNAL', 'A thread loads ONNX Runtime before its process has turned off telemetry.');
  }
  process.env[VARIABLE] = '1';
}
