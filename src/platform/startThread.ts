import { Worker } from 'node:worker_threads';

/**
 * Starts a program of this project in a thread. Whoever starts it ends it.
 *
 * @param name of the program's file, without its ending; it lies beside the file that calls, and so does its bundle beside the caller's
 * @param caller `import.meta.url` of the file that calls
 * @param workerData what the program starts with
 */
export function startThread(name: string, caller: string, workerData: unknown): Worker {
  if (!caller.endsWith('.ts')) return new Worker(new URL(`${name}.mjs`, caller), { workerData, name });
  const program = new URL(`${name}.ts`, caller).href;
  return new Worker(new URL('threadFromSource.mjs', import.meta.url), { workerData, name, argv: [program] });
}
