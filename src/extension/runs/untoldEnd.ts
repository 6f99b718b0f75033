import { setTimeout as wait } from 'node:timers/promises';
import type { Problem } from '../../errors.ts';
import type { LaunchedTrainer } from '../../launching/launchTrainer.ts';
import { markInterrupted } from '../../launching/markInterrupted.ts';
import { readLogTail } from '../../launching/readRuns.ts';
import { whyItEnded } from '../../launching/whyItEnded.ts';

/** How long the system may take to tell how a process ended that is gone. */
const EXIT_MS = 1000;

/** Marks a run whose process ended without a word as interrupted, with the reason as far as the system and its log tell it. */
export async function markUntoldEnd(folder: string, { exit }: LaunchedTrainer): Promise<void> {
  const known = await Promise.race([exit, wait(EXIT_MS, undefined)]);
  await markInterrupted(folder, whyItEnded(known, await readLogTail(folder)));
}

/** What is wrong with a run whose process ended without a word before the run began. */
export async function problemsOfUntoldEnd(folder: string): Promise<readonly Problem[]> {
  const log = await readLogTail(folder);
  const message = whyItEnded(undefined, log);
  return [{ where: 'training', message, ...(log !== undefined && { hint: log }) }];
}
