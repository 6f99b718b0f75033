import { setTimeout as wait } from 'node:timers/promises';
import { BadInputError } from '../../src/errors.ts';
import type { resumeRun } from '../../src/run/resumeRun.ts';
import type { RunOptions, runExperiment } from '../../src/run/runExperiment.ts';
import type { RunStatus } from '../../src/protocol/events.ts';
import { RunFolder } from '../../src/runFolder/runFolder.ts';
import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** What a scripted run does, given in place of an experiment. */
export type Script = 'finish' | 'refuse' | 'fail' | 'crash' | 'go-on' | 'ignore-cancel';

/**
 * Stands in for `runExperiment` where processes and folders are tested: it writes a run folder as the pipeline does,
 * without any training, and `go-on` ends only when it is cancelled.
 */
export const scriptedRun = (async (experiment: unknown, { folder, signal, pause }: RunOptions) => {
  const { script } = experiment as { script: Script };
  if (script === 'refuse') {
    throw new BadInputError([{ where: 'dataset.path', message: 'names no file', hint: 'Choose one.' }]);
  }
  if (script === 'crash') {
    process.stderr.write('about to crash\n');
    process.kill(process.pid, 'SIGKILL');
    await wait(10_000);
  }
  const startedAt = new Date().toISOString();
  const id = basename(folder);
  const status = { id, name: script, state: 'running', startedAt, processId: process.pid, progress: 0 } as const;
  const run = await RunFolder.create(folder, experiment, status);
  run.append({ kind: 'started', id, name: script, folder, startedAt });
  try {
    if (script === 'fail') throw new Error('The loss is not a number.');
    pause?.watch({
      onHold: () => void run.update({ paused: true }),
      onRelease: () => void run.update({ paused: undefined }),
    });
    while (script === 'ignore-cancel' || (script === 'go-on' && !signal.aborted)) {
      await pause?.rest(signal);
      await wait(10);
    }
    const state = signal.aborted ? 'cancelled' : 'finished';
    await run.update({ state, endedAt: new Date().toISOString() });
    return { state };
  } catch (error) {
    const problems = [{ where: script, message: (error as Error).message }];
    run.append({ kind: 'failed', problems });
    await run.update({ state: 'failed', endedAt: new Date().toISOString(), problems });
    throw error;
  } finally {
    await run.close();
  }
}) as typeof runExperiment;

/** Stands in for `resumeRun` as `scriptedRun` does for `runExperiment`: it goes on until it is cancelled. */
export const scriptedResume = (async ({ folder, signal }: Parameters<typeof resumeRun>[0]) => {
  const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(folder, name), 'utf8'));
  const { script } = (await read('experiment.json')) as { script: Script };
  if (script === 'refuse') throw new BadInputError([{ where: 'dataset.path', message: 'names no file' }]);
  const status = (await read('status.json')) as RunStatus;
  await mkdir(join(folder, 'checkpoint'), { recursive: true });
  const resumed = { ...status, state: 'running', processId: process.pid, resumedAt: new Date().toISOString() } as const;
  const run = await RunFolder.reopen(folder, resumed, Infinity);
  while (!signal.aborted) await wait(10);
  await run.update({ state: 'cancelled', endedAt: new Date().toISOString() });
  await run.close();
  return { state: 'cancelled' };
}) as typeof resumeRun;
