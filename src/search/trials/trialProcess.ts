import { availableParallelism } from 'node:os';
import { DatasetShelf } from '../../data/datasetShelf.ts';
import { limitThreads } from '../../training/engines/session.ts';
import { runTrial } from './runTrial.ts';
import type { TrialWork } from './trial.ts';

/** What the parent asks of this process: one trial after the other, or to stop the present one. */
export type TrialRequest =
  | { readonly kind: 'run'; readonly work: TrialWork; readonly atOnce: number }
  | { readonly kind: 'stop' };

/** The program that does trials beside others of its kind, and answers each with its result. */
let stop = new AbortController();
/** Trials are of one experiment, most of them of the same data; the process's end disposes of them. */
const datasets = new DatasetShelf();

process.on('message', (message) => {
  const request = message as TrialRequest;
  if (request.kind === 'stop') {
    stop.abort();
    return;
  }
  stop = new AbortController();
  limitThreads(Math.max(1, Math.floor(availableParallelism() / request.atOnce)));
  void runTrial(request.work, stop.signal, datasets).then((result) => {
    // To a parent that is gone there is nothing to say, and saying it would be an error of this process.
    if (process.connected) process.send?.(result);
  });
});

// A parent that is gone asks for nothing more; what is under way is kept, as at Ctrl-C.
process.once('disconnect', () => {
  stop.abort();
  setTimeout(() => process.exit(), 10_000).unref();
});

// The terminal interrupts the whole group: the parent decides what is stopped.
process.on('SIGINT', () => undefined);
