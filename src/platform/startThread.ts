import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { childProgram } from './processes/childProgram.ts';
import { silenceTelemetry } from './silenceTelemetry.ts';

/**
 * Starts a program of this project in a thread. Whoever starts it ends it.
 *
 * @param name of the program's file, without its ending; it lies beside the file that calls, and so does its bundle beside the caller's
 * @param caller `import.meta.url` of the file that calls
 * @param workerData what the program starts with
 */
export function startThread(name: string, caller: string, workerData: unknown): Worker {
  // A thread inherits this and could not do it itself.
  silenceTelemetry();
  const { path, isSource } = childProgram(name, caller);
  if (!isSource) return new Worker(path, { workerData, name });
  const program = pathToFileURL(path).href;
  return new Worker(new URL('threadFromSource.mjs', import.meta.url), { workerData, name, argv: [program] });
}
