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

/** Everything of the outside world that the commands touch. Results go to `out`, everything else to `error`. */
export interface Terminal {
  readonly out: Output;
  readonly error: Output;
  /** Folder that relative paths start from. */
  readonly directory: string;
  /** Calls `listener` at every Ctrl-C until the returned function is called. */
  onInterrupt(listener: () => void): () => void;
  /** Ends the program at once. */
  exit(code: number): void;
}

export type Format = Parameters<typeof styleText>[0];

/** Colours text where the output shows colours. */
export function painted(output: Output, format: Format, text: string): string {
  return output.hasColors ? styleText(format, text, { validateStream: false }) : text;
}

/** What the program ends with: 0 for success, 1 for a failure, 2 for input that must be mended, 130 after Ctrl-C. */
export const exitCode = { success: 0, failure: 1, badInput: 2, interrupted: 130 } as const;
