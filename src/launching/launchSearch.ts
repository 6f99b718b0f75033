import { spawn } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DistilleryError } from '../errors.ts';
import { keepOutOfGit } from '../platform/keepOutOfGit.ts';
import { leaseStateOf } from '../runFolder/runLease.ts';

/** What the process that searches is asked, as JSON on its standard input. */
export interface SearchRequest {
  readonly experiment: unknown;
  readonly folder: string;
  readonly baseDirectory: string;
  readonly cacheFolder: string;
  readonly atOnce: number;
  /** Of its page and of the trials' reports, as VS Code names languages; English by default. */
  readonly language?: string;
}

/** Opening large data takes its time; a search that is not under way after this is still being checked. */
const BEGIN_MS = 45_000;
const LOOK_MS = 100;
const LOG_LINES = 12;

/** Where a search's process tells how it goes: beside the folder, which is to hold nothing else. */
export function searchLog(folder: string): string {
  return `${folder}.log`;
}

/**
 * Starts a search in a process of its own, which goes on when this one ends.
 *
 * @param program the trainer's, as Node.js is given it
 * @returns whether it is under way; if not, it is still being checked
 * @throws DistilleryError `BAD_INPUT` with what the process told, when it ended before it had begun
 */
export async function launchSearch(program: readonly string[], request: SearchRequest): Promise<boolean> {
  const { folder } = request;
  await mkdir(dirname(folder), { recursive: true });
  await keepOutOfGit(dirname(dirname(folder)));
  const log = await open(searchLog(folder), 'a');
  try {
    const child = spawn(process.execPath, [...program, '--search'], {
      detached: true,
      windowsHide: true,
      stdio: ['pipe', log.fd, log.fd],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: undefined },
    });
    // What it told is in the log; that it did not start, or would not listen, is told by its end.
    child.on('error', () => undefined);
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(JSON.stringify(request));
    child.unref();
    const deadline = performance.now() + BEGIN_MS;
    while (performance.now() < deadline) {
      if (leaseStateOf(folder).kind === 'held') return true;
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) throw await refusal(folder);
      await wait(LOOK_MS);
    }
    return false;
  } finally {
    await log.close();
  }
}

async function refusal(folder: string): Promise<DistilleryError> {
  const lines = (await readFile(searchLog(folder), 'utf8')).trim().split('\n').slice(-LOG_LINES);
  return new DistilleryError('BAD_INPUT', `The search did not begin. ${lines.join(' ')}`, {
    hint: 'Mend that and start it again.',
  });
}
