import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DistilleryError, messageOf } from '../errors.ts';
import { keepOutOfGit } from '../platform/keepOutOfGit.ts';
import { makeFolder } from '../platform/makeFolder.ts';
import { readIfThere } from '../platform/readIfThere.ts';
import { writeAtomically } from '../platform/writeAtomically.ts';
import { writingError } from '../platform/writingError.ts';
import { leaseStateOf, RunLease } from '../runFolder/runLease.ts';
import { emptyQueue, queueSchema, type Queue } from './queue.ts';

/** In the queue's folder, beside the lease of whoever works the queue off. */
export const QUEUE_FILE = 'queue.json';

/** A folder in the queue's folder whose lease is the right to change the file. Nobody has it for longer than a moment. */
const EDIT_FOLDER = 'edit';
const EDIT_MS = 15_000;
const RETRY_MS = 20;

/** Where the queue of a workspace folder is. */
export function queueFolder(workspaceFolder: string): string {
  return join(workspaceFolder, '.distillery', 'queue');
}

/**
 * The queue in this folder; an empty one where there is none yet.
 * @throws DistilleryError `BAD_FILE` when the file is damaged or of another version
 */
export async function readQueue(folder: string): Promise<Queue> {
  const path = join(folder, QUEUE_FILE);
  const text = await readIfThere(readFile(path, 'utf8'), undefined);
  if (text === undefined) return emptyQueue;
  try {
    return queueSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new DistilleryError('BAD_FILE', `'${path}' is no queue of this version.`, {
      cause,
      hint: 'Mend it, or remove it to begin with an empty queue.',
    });
  }
}

/**
 * Changes the queue; whoever else wants to change it waits meanwhile.
 * @param change gets the queue as it is and gives what it shall be
 * @returns the queue as it is then
 * @throws DistilleryError when it cannot be written, or somebody else does not let go of it
 */
export function changeQueue(folder: string, change: (queue: Queue) => Queue): Promise<Queue> {
  const changing = lastChange.then(() => changeAlone(folder, change));
  lastChange = changing.catch(() => undefined);
  return changing;
}

/** Changes of this process come one after the other, so that they need not wait for each other's lease. */
let lastChange: Promise<unknown> = Promise.resolve();

async function changeAlone(folder: string, change: (queue: Queue) => Queue): Promise<Queue> {
  const lease = await takeEditLease(folder);
  try {
    const before = await readQueue(folder);
    const after = change(before);
    if (after !== before) await writeAtomically(join(folder, QUEUE_FILE), `${JSON.stringify(after, null, 2)}\n`);
    return after;
  } finally {
    lease.release();
  }
}

/**
 * The right to work the queue off, which one process has at a time; that of a process that is gone is taken over.
 * @throws DistilleryError `BAD_INPUT` when another process has it
 */
export async function takeQueue(folder: string): Promise<RunLease> {
  await prepare(folder);
  const holder = holderOf(folder);
  if (holder === undefined) {
    try {
      return RunLease.take(folder);
    } catch (error) {
      // Somebody else was faster.
      if (holderOf(folder) === undefined) throw error;
    }
  }
  const who = holderOf(folder) ?? holder ?? 'Another process';
  throw new DistilleryError('BAD_INPUT', `${who} works this queue off already.`, {
    hint: 'What is added runs there, too.',
  });
}

/** Who works the queue off; undefined for nobody. */
export function holderOf(folder: string): string | undefined {
  const state = leaseStateOf(folder);
  switch (state.kind) {
    case 'free':
    case 'stale':
      return undefined;
    case 'held':
      return `Process ${state.lease.processId}`;
    case 'elsewhere':
      return `Process ${state.lease.processId} on the machine '${state.lease.host}'`;
  }
}

async function takeEditLease(folder: string): Promise<RunLease> {
  const edit = join(folder, EDIT_FOLDER);
  await prepare(folder);
  await makeFolder(edit).catch((error: unknown) => {
    throw unwritable(edit, error);
  });
  const deadline = performance.now() + EDIT_MS;
  for (;;) {
    try {
      return RunLease.take(edit);
    } catch (error) {
      const told = unwritable(edit, error);
      if (told !== error) throw told;
      if (performance.now() > deadline) {
        throw new DistilleryError('TRAINING', `The queue cannot be changed: ${messageOf(error)}`, { cause: error });
      }
      await wait(RETRY_MS * (1 + Math.random()));
    }
  }
}

async function prepare(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
    await keepOutOfGit(dirname(folder));
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/** The error in a sentence, where it is that a folder takes no files; else as it is. */
function unwritable(folder: string, error: unknown): unknown {
  return writingError(folder, error, {
    code: 'BAD_INPUT',
    hint: 'The queue lies in the folder that it is worked off in.',
  });
}
