import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import type * as z from 'zod';
import { DistilleryError } from '../../errors.ts';

/** Opening a large dataset takes its time; after this something is wrong. */
export const MOST_MS = 120_000;

/** A question that the child process answers instead of training. */
export interface Question<Answer> {
  /** What makes the program answer it. */
  readonly option: '--features' | '--outputs' | '--explain';
  readonly question: unknown;
  readonly answer: z.ZodType<Answer>;
  /** What a person is told when there is no answer, as one sentence. */
  readonly failure: string;
}

/**
 * Asks a child process, as JSON on its standard input, and takes the JSON that it prints.
 *
 * @param program path of the bundled child process
 * @throws DistilleryError when the process gives no answer
 */
export async function askProgram<Answer>(
  program: string,
  { option, question, answer, failure }: Question<Answer>,
): Promise<Answer> {
  const child = startProgram(program, option, MOST_MS);
  const failed = new Promise<never>((_resolve, reject) => {
    child.once('error', reject);
    child.stdin.once('error', reject);
  });
  child.stdin.end(JSON.stringify(question));
  const [said, complaint] = await Promise.race([Promise.all([text(child.stdout), text(child.stderr)]), failed]);
  const parsed = answer.safeParse(jsonOrNothing(said));
  if (parsed.success) return parsed.data;
  throw new DistilleryError('INTERNAL', failure, { ...(complaint.trim() !== '' && { hint: complaint.trim() }) });
}

/** Starts the child process so that it answers questions on its standard streams. @param timeout milliseconds after which it is ended */
export function startProgram(program: string, option: string, timeout?: number): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [program, option], {
    cwd: dirname(program),
    windowsHide: true,
    ...(timeout !== undefined && { timeout }),
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: undefined },
  });
}

/** What a text is as JSON; undefined where it is none. */
export function jsonOrNothing(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
