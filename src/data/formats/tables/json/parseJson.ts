import { messageOf } from '../../../../errors.ts';

/** What Python writes in place of numbers, and texts, which may hold the same. */
const PYTHON_NUMBERS = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

/**
 * Parses JSON as people have it: NaN and Infinity, which Python writes, count as missing and as endless.
 *
 * @throws SyntaxError when it is none
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (!/\b(?:NaN|Infinity)\b/.test(text)) throw error;
    const mended = text.replace(PYTHON_NUMBERS, (found) => {
      if (found.startsWith('"')) return found;
      if (found === 'NaN') return 'null';
      return found.startsWith('-') ? '-1e999' : '1e999';
    });
    return JSON.parse(mended) as unknown;
  }
}

/** What is wrong with JSON, without the long excerpt that some versions of the language give. */
export function jsonFault(error: unknown): string {
  return messageOf(error)
    .replace(/, "[\s\S]*$/, '')
    .slice(0, 120);
}
