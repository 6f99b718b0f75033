import { styleText } from 'node:util';

/** A stream of text to the person, or to whatever program reads it. */
export interface Output {
  write(text: string): void;
  /** True where a line can be redrawn. */
  readonly isTerminal: boolean;
  /** Width in characters, as it is now. */
  readonly columns: number;
  readonly hasColors: boolean;
}

/** What asks the program to stop: a person, with Ctrl-C; the system or whoever watches over it, with SIGTERM; or that the terminal is gone. */
export type Interruption = 'asked' | 'terminated' | 'hung-up';

/** Everything of the outside world that the commands touch. Results go to `out`, everything else to `error`. */
export interface Terminal {
  readonly out: Output;
  readonly error: Output;
  /** Folder that relative paths start from. */
  readonly directory: string;
  /** Calls `listener` at every Ctrl-C and SIGTERM, and when the terminal is closed, until the returned function is called. */
  onInterrupt(listener: (interruption: Interruption) => void): () => void;
  /** Asks a person, who answers with a line; undefined where nobody is there to answer. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
  /** Ends the program at once. */
  exit(code: number): void;
}

export type Format = Parameters<typeof styleText>[0];

/** Colours text where the output shows colours. */
export function painted(output: Output, format: Format, text: string): string {
  return output.hasColors ? styleText(format, text, { validateStream: false }) : text;
}

/**
 * What the program ends with: 0 for success, 1 for a failure, 2 for input that must be mended, 130 after Ctrl-C, 75 where
 * what was waited for goes on, and 143 after SIGTERM: what was stopped can go on.
 */
export const exitCode = {
  success: 0,
  failure: 1,
  badInput: 2,
  waiting: 75,
  interrupted: 130,
  terminated: 143,
} as const;
