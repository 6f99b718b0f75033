import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import type { WriteStream } from 'node:tty';
import { DistilleryError, messageOf } from '../errors.ts';
import { writingError } from '../platform/writingError.ts';
import { exitCode, type Output, type Terminal } from './terminal.ts';

const DEFAULT_COLUMNS = 80;

/** The terminal that this process was started from. */
export function processTerminal(): Terminal {
  // A reader such as `head` may leave early; that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    // A full disk, or a terminal that was closed: the results are in the run folder, which is still being written.
    if (process.exitCode !== exitCode.failure) {
      process.stderr.write(`${messageOf(writingError('standard output', error))}\n`);
    }
    process.exitCode = exitCode.failure;
  });
  // Progress that nobody can read any more is no reason to end a run.
  process.stderr.on('error', () => undefined);
  return {
    out: outputOf(process.stdout),
    error: outputOf(process.stderr),
    directory: process.cwd(),
    ask: process.stdin.isTTY && process.stderr.isTTY ? ask : undefined,
    onInterrupt: (listener) => {
      const onAsked = (): void => {
        listener('asked');
      };
      const onTerminated = (): void => {
        listener('terminated');
      };
      const onHangUp = (): void => {
        listener('hung-up');
      };
      process.on('SIGINT', onAsked).on('SIGTERM', onTerminated).on('SIGHUP', onHangUp);
      return () => {
        process.off('SIGINT', onAsked).off('SIGTERM', onTerminated).off('SIGHUP', onHangUp);
      };
    },
    exit: (code) => {
      process.exit(code);
    },
  };
}

/** @throws DistilleryError `CANCELLED` when the person answers with Ctrl-C or Ctrl-D */
async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const left = new Promise<never>((_resolve, reject) => {
    lines.once('close', () => {
      reject(new DistilleryError('CANCELLED', 'Stopped.'));
    });
  });
  try {
    return await Promise.race([lines.question(question), left]);
  } finally {
    lines.close();
  }
}

/** `hasColors` of the stream honours NO_COLOR, FORCE_COLOR and TERM. */
function outputOf(stream: WriteStream): Output {
  const isTerminal = stream.isTTY && process.env['TERM'] !== 'dumb';
  return {
    write: (text) => {
      stream.write(text);
    },
    isTerminal,
    get columns() {
      return stream.isTTY ? stream.columns || DEFAULT_COLUMNS : DEFAULT_COLUMNS;
    },
    hasColors: stream.isTTY && stream.hasColors(),
  };
}
