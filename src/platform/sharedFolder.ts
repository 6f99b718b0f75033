import { basename, dirname, join } from 'node:path';

/** What the folder of everything that Distillery writes by itself is called. */
const OWN = '.distillery';

/**
 * The folder in which runs keep what they share, and that version control passes over: `.distillery` where runs lie in it, else the
 * folder of the runs itself, whose neighbours are a person's own.
 * @param runFolder folder of one run
 */
export function sharedFolder(runFolder: string): string {
  const runs = dirname(runFolder);
  return basename(dirname(runs)) === OWN ? dirname(runs) : runs;
}

/** Where runs keep outputs of teachers. In a folder of runs it begins with a dot, as what is no run does. */
export function sharedCache(runFolder: string): string {
  const shared = sharedFolder(runFolder);
  return join(shared, basename(shared) === OWN ? 'cache' : '.cache');
}
