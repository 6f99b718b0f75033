import type { Interruption, Output, Terminal } from '../../src/cli/terminal.ts';

interface FakeOutput extends Output {
  text: string;
}

export interface FakeTerminal extends Terminal {
  readonly out: FakeOutput;
  readonly error: FakeOutput;
  /** Presses Ctrl-C. */
  interrupt(): void;
  /** Codes that the program asked to end with at once. */
  readonly exits: number[];
}

export function fakeOutput(options: Partial<Omit<Output, 'write'>> = {}): FakeOutput {
  return {
    isTerminal: false,
    columns: 80,
    hasColors: false,
    ...options,
    text: '',
    write(text) {
      this.text += text;
    },
  };
}

/** A terminal that remembers what was written to it. */
export function fakeTerminal(directory: string, options: Partial<Omit<Output, 'write'>> = {}): FakeTerminal {
  const listeners = new Set<(interruption: Interruption) => void>();
  const exits: number[] = [];
  return {
    out: fakeOutput(options),
    error: fakeOutput(options),
    directory,
    exits,
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    interrupt: () => {
      for (const listener of [...listeners]) listener('asked');
    },
    exit: (code) => {
      exits.push(code);
    },
  };
}
