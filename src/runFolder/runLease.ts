import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { DistilleryError, systemCodeOf } from '../errors.ts';
import { batchTaskOf } from '../platform/batchTask.ts';
import { identityOf, isStillThere } from '../platform/processes/processIdentity.ts';
import { TEMPORARY } from '../platform/writeAtomically.ts';

/** The file of a run folder that says which process writes to it. */
export const LEASE_FILE = 'lease.json';

const leaseSchema = z.object({
  processId: z.int().positive(),
  /** When that process started; see `ProcessIdentity`. */
  started: z.string().nullable(),
  host: z.string(),
  /** Of chance, so that two leases of one process differ. */
  token: z.string(),
  /** When it was taken. */
  since: z.string(),
  /** How often, in milliseconds, the process gives a sign of life: a new time of the file. Older versions give none. */
  beatMs: z.number().exactOptional(),
  /** The task of a batch system that the process is; see `BatchTask.id`. */
  task: z.string().exactOptional(),
});

const BEAT_MS = 10_000;

/** Who writes to a run folder. */
export type Lease = z.output<typeof leaseSchema>;

/**
 * `held`: by a process of this machine that lives; `elsewhere`: by one of another machine, of which nothing is known;
 * `stale`: by a process that is gone, or in a file that is damaged (then without `lease`).
 */
export type LeaseState =
  | { readonly kind: 'free' }
  | { readonly kind: 'held'; readonly lease: Lease }
  | { readonly kind: 'elsewhere'; readonly lease: Lease }
  | { readonly kind: 'stale'; readonly lease: Lease | undefined };

/** Who writes to a run folder at the moment. */
export function leaseStateOf(folder: string): LeaseState {
  return stateOf(join(folder, LEASE_FILE));
}

function stateOf(path: string): LeaseState {
  const text = readIfThere(path);
  if (text === undefined) return { kind: 'free' };
  const lease = parseLease(text);
  if (!lease) return { kind: 'stale', lease };
  if (lease.host !== hostname()) {
    // A task that was started anew on this machine runs on no other any more.
    const isOwn = lease.task !== undefined && lease.task === batchTaskOf()?.id;
    return { kind: isOwn ? 'stale' : 'elsewhere', lease };
  }
  return isStillThere(lease) ? { kind: 'held', lease } : { kind: 'stale', lease };
}

/** The process of this machine that writes to a run folder, which alone may be sent a signal. */
export function writerOf(folder: string): Lease | undefined {
  const state = leaseStateOf(folder);
  return state.kind === 'held' ? state.lease : undefined;
}

/** When the process that writes to a run folder gave its last sign of life; undefined where nobody of this machine gives any. */
export function lastBeatOf(folder: string): number | undefined {
  if (writerOf(folder)?.beatMs === undefined) return undefined;
  return statSync(join(folder, LEASE_FILE), { throwIfNoEntry: false })?.mtimeMs;
}

/** Who has a lease and how to come by the folder nevertheless; undefined where nobody has. */
export function describeHolder(folder: string): { readonly message: string; readonly hint: string } | undefined {
  const state = leaseStateOf(folder);
  switch (state.kind) {
    case 'free':
    case 'stale':
      return undefined;
    case 'held':
      return {
        message: `process ${state.lease.processId} has been writing a run to it since ${state.lease.since}`,
        hint: 'Wait for it, stop it, or name another folder.',
      };
    case 'elsewhere':
      return {
        message: `process ${state.lease.processId} on the machine '${state.lease.host}' has been writing a run to it since ${state.lease.since}`,
        hint: `If that process is gone, remove '${join(folder, LEASE_FILE)}'.`,
      };
  }
}

/** @throws DistilleryError `BAD_INPUT` when a process has the lease of a folder */
export function refuseTaken(folder: string): void {
  const holder = describeHolder(folder);
  if (holder) throw new DistilleryError('BAD_INPUT', `'${folder}' is taken: ${holder.message}.`, holder);
}

/** The right to write to a run folder, which one process has at a time. */
export class RunLease {
  readonly #folder: string;
  readonly #lease: Lease;
  readonly #beat: NodeJS.Timeout;

  private constructor(folder: string, lease: Lease) {
    this.#folder = folder;
    this.#lease = lease;
    this.#beat = setInterval(() => {
      this.#giveSign();
    }, BEAT_MS).unref();
  }

  /**
   * Takes the lease of a folder that exists. That of a process that is gone is taken over.
   * @throws DistilleryError `BAD_INPUT` when another process has it
   */
  static take(folder: string): RunLease {
    const lease = newLease();
    const path = join(folder, LEASE_FILE);
    // More than one process may find the same lease stale; whoever comes too late for it finds another one.
    for (;;) {
      if (createWhole(path, textOf(lease))) return new RunLease(folder, lease);
      const state = leaseStateOf(folder);
      const taker = state.kind === 'stale' ? removeStale(path, state.lease?.token) : undefined;
      if (taker) {
        const message = `process ${taker.processId} is taking it over`;
        throw new DistilleryError('BAD_INPUT', `'${folder}' is taken: ${message}.`, {
          hint: 'Wait for it, stop it, or name another folder.',
        });
      }
      refuseTaken(folder);
    }
  }

  /** Whether no other process has taken the folder over, and nobody removed it. */
  get isHeld(): boolean {
    return parseLease(readIfThere(join(this.#folder, LEASE_FILE)) ?? '')?.token === this.#lease.token;
  }

  /** @throws DistilleryError when the folder is this process's no more */
  assertHeld(): void {
    if (this.isHeld) return;
    const holder = describeHolder(this.#folder)?.message ?? `its ${LEASE_FILE} was removed`;
    throw new DistilleryError(
      'TRAINING',
      `'${this.#folder}' was taken from this process: ${holder}. This process wrote no more to it.`,
    );
  }

  #giveSign(): void {
    if (!this.isHeld) {
      clearInterval(this.#beat);
      return;
    }
    try {
      const now = new Date();
      utimesSync(join(this.#folder, LEASE_FILE), now, now);
    } catch {
      // Taken away this very moment, or on a file system without times: then there is no sign.
    }
  }

  /** Gives the folder back. */
  release(): void {
    clearInterval(this.#beat);
    if (this.isHeld) rmSync(join(this.#folder, LEASE_FILE), { force: true });
  }
}

/** Frees a folder from the lease of a task of a batch system that is known to be over, on whatever machine it was. */
export function removeLeaseOfTask(folder: string, task: string): void {
  const state = leaseStateOf(folder);
  if (state.kind !== 'elsewhere' || state.lease.task !== task) return;
  removeStale(join(folder, LEASE_FILE), state.lease.token);
}

/** Creates a file with its content at once; false when there is one. */
function createWhole(path: string, content: string): boolean {
  const temporary = `${path}.${randomUUID()}${TEMPORARY}`;
  try {
    writeDurably(temporary, content);
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return false;
    // Whoever has the folder tidies it up, temporary files of others included.
    if (systemCodeOf(error) === 'ENOENT' && isLinking(error)) return false;
    if (!hasNoLinks(error)) throw error;
    return createInPlace(path, content);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Some file systems of sticks and networks have no hard links. */
function hasNoLinks(error: unknown): boolean {
  const codes = ['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP', 'EINVAL', 'UNKNOWN'];
  return isLinking(error) && codes.includes(String(systemCodeOf(error)));
}

function isLinking(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'link';
}

function createInPlace(path: string, content: string): boolean {
  try {
    writeDurably(path, content);
    return true;
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function writeDurably(path: string, content: string): void {
  const file = openSync(path, 'wx');
  try {
    writeSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Removes the lease that was found stale, and no other that has taken its place since. Only one process at a time may: the one that has
 * a file named after that lease, which is a lease of its own. No token comes twice, so whoever is late finds another one and leaves it.
 *
 * @returns who is about it at the moment, where that is another process that lives
 */
function removeStale(path: string, token: string | undefined): Lease | undefined {
  const taking = `${path}.${token === undefined ? 'damaged' : fileNameOf(token)}${TEMPORARY}`;
  while (!createWhole(taking, textOf(newLease()))) {
    const state = stateOf(taking);
    if (state.kind === 'held' || state.kind === 'elsewhere') return state.lease;
    const taker = state.kind === 'stale' ? removeStale(taking, state.lease?.token) : undefined;
    if (taker) return taker;
  }
  try {
    const found = readIfThere(path);
    if (found !== undefined && parseLease(found)?.token === token) rmSync(path, { force: true });
  } finally {
    rmSync(taking, { force: true });
  }
  return undefined;
}

/** Tokens of older or damaged files may hold anything. */
function fileNameOf(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 16);
}

function newLease(): Lease {
  const task = batchTaskOf()?.id;
  return {
    ...identityOf(process.pid),
    host: hostname(),
    token: randomUUID(),
    since: new Date().toISOString(),
    beatMs: BEAT_MS,
    ...(task !== undefined && { task }),
  };
}

function textOf(lease: Lease): string {
  return `${JSON.stringify(lease, null, 2)}\n`;
}

function parseLease(text: string): Lease | undefined {
  try {
    return leaseSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT' || systemCodeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}
