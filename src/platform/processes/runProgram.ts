import { spawn } from 'node:child_process';
import { DistilleryError } from '../../errors.ts';

/** How a program ended and what it wrote. */
export interface ProgramResult {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

export interface ProgramInput {
  readonly directory?: string | undefined;
  /** What it reads from its standard input. */
  readonly input?: string | Uint8Array | undefined;
}

/** Runs a program without a shell and waits for its end; however it ends is a result. */
export type RunProgram = (program: string, args: readonly string[], input?: ProgramInput) => Promise<ProgramResult>;

/** @throws DistilleryError `UNSUPPORTED` when there is no such program */
export const runProgram: RunProgram = (program, args, { directory, input } = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: directory, stdio: ['pipe', 'pipe', 'pipe'] });
    const [out, error]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (piece: Buffer) => out.push(piece));
    child.stderr.on('data', (piece: Buffer) => error.push(piece));
    // A program that does not read to the end says why itself.
    child.stdin.on('error', () => undefined);
    child.once('error', (cause) => {
      reject(
        new DistilleryError('UNSUPPORTED', `The program '${program}' cannot be started: ${cause.message}.`, { cause }),
      );
    });
    child.once('close', (code) => {
      resolve({
        code: code ?? -1,
        out: Buffer.concat(out).toString('utf8'),
        error: Buffer.concat(error).toString('utf8'),
      });
    });
    child.stdin.end(input);
  });
