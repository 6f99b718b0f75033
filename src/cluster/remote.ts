import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { DistilleryError } from '../errors.ts';
import { runProgram, type RunProgram } from '../platform/processes/runProgram.ts';
import { runFiles } from '../runFolder/runFolder.ts';
import { LEASE_FILE } from '../runFolder/runLease.ts';
import { shellWord } from '../platform/shellWord.ts';

/** A folder of a machine that `ssh` reaches. Keys, passwords and hops are the system's business. */
export interface Host {
  /** As `ssh` takes it: `user@login`, or a name of its configuration. */
  readonly target: string;
  /** A folder there that all nodes of the cluster see. */
  readonly folder: string;
}

/** Reads `user@login:/shared/folder`; undefined when it is none. */
export function parseHost(text: string): Host | undefined {
  const found = /^([\w.@+-]+):(\/[^\n\r\0]*)$/.exec(text);
  const [, target = '', folder = ''] = found ?? [];
  // What begins with a dash would be an option of ssh.
  return found && !target.startsWith('-') ? { target, folder } : undefined;
}

/**
 * The files beside an experiment file that it names, and itself, relative to its folder. Absolute paths are those of the other machine, and so
 * is whatever is not there. What sites have is theirs, and is not copied.
 */
export function filesToCopy(file: string, experiment: unknown): readonly string[] {
  const base = dirname(file);
  const named = textsIn(withoutSites(experiment)).flatMap((text) => {
    if (isAbsolute(text) || text === '' || text.includes('\0')) return [];
    const path = relative(base, resolve(base, text));
    return path === '' || path.startsWith('..') || !existsSync(join(base, path)) ? [] : [path];
  });
  return [basename(file), ...new Set(named)];
}

/** Copies files into the folder of the other machine, by `tar` over `ssh`. @throws DistilleryError with what either says */
export async function copyThere({ target, folder }: Host, base: string, files: readonly string[]): Promise<void> {
  const there = `mkdir -p ${shellWord(folder)} && tar -xf - -C ${shellWord(folder)}`;
  await pipe(['tar', '-cf', '-', '-C', base, '--', ...files], ['ssh', target, there], `Copying to '${target}'`);
}

/**
 * Copies what a folder below that of the other machine has into the same one below `base`, but for what a run there goes on with and what says that a
 * process there is at it: here they would outlast it.
 */
export async function copyBack(
  { target, folder }: Host,
  base: string,
  path: string,
  names: readonly string[] = ['.'],
): Promise<void> {
  await mkdir(join(base, path), { recursive: true });
  const found = names.map(shellWord).join(' ');
  // What is not there yet is left out.
  const there = `cd ${shellWord(join(folder, path))} && ls -d ${found} 2>/dev/null | tar -cf - --exclude=${runFiles.checkpoint} --exclude=${LEASE_FILE} -T -`;
  await pipe(['ssh', target, there], ['tar', '-xf', '-', '-C', join(base, path)], `Copying from '${target}'`);
}

/**
 * Runs Distillery in the folder of the other machine.
 * @throws DistilleryError `BAD_INPUT` when that machine cannot be reached, or has no such program
 */
export async function runThere(
  { target, folder }: Host,
  program: readonly string[],
  args: readonly string[],
  run: RunProgram = runProgram,
) {
  const command = [...program, ...args].map(shellWord).join(' ');
  const result = await run('ssh', [target, `cd ${shellWord(folder)} && exec ${command}`]).catch((cause: unknown) => {
    throw new DistilleryError('BAD_INPUT', "'ssh' cannot be started.", {
      cause,
      hint: 'Install it, or submit on a login node.',
    });
  });
  if (result.code === NOT_FOUND) {
    throw new DistilleryError(
      'BAD_INPUT',
      `'${program.join(' ')}' is not installed on '${target}': ${lastLine(result.error)}.`,
      {
        hint: 'Install Distillery there, or say with --program what it is called.',
      },
    );
  }
  if (result.code === NO_CONNECTION) {
    throw new DistilleryError('BAD_INPUT', `'${target}' cannot be reached: ${lastLine(result.error)}.`, {
      hint: `'ssh ${target}' has to work in this terminal.`,
    });
  }
  return result;
}

/** How shells end that find no such program, and `ssh` that finds no such machine. */
const NOT_FOUND = 127;
const NO_CONNECTION = 255;

function lastLine(said: string): string {
  return (said.trim().split('\n').at(-1) ?? '').replace(/\.$/, '');
}

/** Runs two programs, the second of which reads what the first one writes. */
async function pipe(
  [from = '', ...fromArgs]: readonly string[],
  [to = '', ...toArgs]: readonly string[],
  what: string,
): Promise<void> {
  const source = spawn(from, fromArgs, { stdio: ['ignore', 'pipe', 'pipe'] });
  const sink = spawn(to, toArgs, { stdio: ['pipe', 'ignore', 'pipe'] });
  source.stdout.pipe(sink.stdin);
  sink.stdin.on('error', () => undefined);
  let said = '';
  for (const child of [source, sink]) {
    child.stderr.on('data', (piece: Buffer) => (said += piece.toString('utf8')));
  }
  const ends = await Promise.all(
    [source, sink].map(
      (child) =>
        new Promise<number>((settle) => {
          child.once('error', (error) => {
            said += error.message;
            settle(-1);
          });
          child.once('close', (code) => {
            settle(code ?? -1);
          });
        }),
    ),
  );
  if (ends.every((code) => code === 0)) return;
  throw new DistilleryError(
    'BAD_INPUT',
    `${what} failed (${from} | ${to}): ${said.trim().split('\n').join(' ') || `exit codes ${ends.join(', ')}`}.`,
  );
}

/** What is at sites stays there. */
function withoutSites(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      typeof part === 'object' && part !== null && 'sites' in part ? { ...part, sites: [] } : part,
    ]),
  );
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
