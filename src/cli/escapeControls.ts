import type { Output, Terminal } from './terminal.ts';

/** What begins a line that is drawn anew. */
const REDRAWN = '\r\x1b[2K';

/** Bold, dim, the eight colours, and their ends: what `painted` and tables write. */
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const PAINT = /^\x1b\[(?:[012]|22|3[0-79]|9[0-7])m/;

/**
 * Control characters of ASCII and Latin-1 other than line feed and tabulator, and those that turn the direction of text, with which
 * a name can look like another (https://trojansource.codes).
 */
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const CONTROLS = /\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Text that does nothing to a terminal but appear: names of models, classes, files and columns come from files of others. The
 * escapes are those of JSON, so JSON means what it did.
 *
 * @param options `hasColors`: whether the codes of colours stay
 */
export function escapeControls(text: string, { hasColors = false }: { readonly hasColors?: boolean } = {}): string {
  const start = text.startsWith(REDRAWN) ? REDRAWN.length : 0;
  const escaped = text.slice(start).replace(CONTROLS, (character, at: number, whole: string) => {
    if (hasColors && character === '\x1b' && PAINT.test(whole.slice(at, at + 6))) return character;
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return text.slice(0, start) + escaped;
}

/** A terminal to which nothing is written but what `escapeControls` lets through. */
export function withoutControls(terminal: Terminal): Terminal {
  const { ask } = terminal;
  return {
    out: escapingOutput(terminal.out),
    error: escapingOutput(terminal.error),
    directory: terminal.directory,
    ask: ask && ((question) => ask(escapeControls(question))),
    onInterrupt: (listener) => terminal.onInterrupt(listener),
    exit: (code) => {
      terminal.exit(code);
    },
  };
}

function escapingOutput(output: Output): Output {
  return {
    write: (text) => {
      output.write(escapeControls(text, output));
    },
    get isTerminal() {
      return output.isTerminal;
    },
    get columns() {
      return output.columns;
    },
    get hasColors() {
      return output.hasColors;
    },
  };
}
