import process from 'node:process';
import type { WriteStream } from 'node:tty';
import type { Output, Terminal } from './terminal.ts';

const DEFAULT_COLUMNS = 80;

/** The terminal that this process was started from. */
export function processTerminal(): Terminal {
  // A reader such as `head` may leave early; that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  return {
    out: outputOf(process.stdout),
    error: outputOf(process.stderr),
    directory: process.cwd(),
    onInterrupt: (listener) => {
      process.on('SIGINT', listener).on('SIGTERM', listener);
      return () => {
        process.off('SIGINT', listener).off('SIGTERM', listener);
      };
    },
    exit: (code) => {
      process.exit(code);
    },
  };
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
