import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Table } from '../column.ts';
import { fileEncoding } from '../reading/fileEncoding.ts';
import { readLines } from '../reading/readLines.ts';

/** Bytes that tell whether lines are texts. */
const OPENING = 65_536;
/** Words of a line, on average, that texts have at least. */
const LEAST_WORDS = 2;

/** How many of the first lines of a file are no empty ones, where they are texts of some words; undefined where they are none. */
export async function looksLikeTexts(path: string): Promise<number | undefined> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(OPENING), 0, OPENING, 0);
    const bytes = buffer.subarray(0, bytesRead);
    if (bytes.includes(0)) return undefined;
    const lines = bytes
      .toString('latin1')
      .split('\n')
      .filter((line) => line.trim() !== '');
    const words = lines.reduce((sum, line) => sum + line.trim().split(/\s+/).length, 0);
    const hasLetters = lines.filter((line) => /[^\d\s.,;:+-]/.test(line)).length > lines.length / 2;
    return lines.length > 0 && hasLetters && words >= LEAST_WORDS * lines.length ? lines.length : undefined;
  } finally {
    await file.close();
  }
}

/** The lines of a file that are not empty, as a table with the column `text`. */
export async function readTextLines(
  path: string,
  { signal, encoding }: { readonly signal: AbortSignal | undefined; readonly encoding: string | undefined },
): Promise<Table> {
  const name = basename(path);
  const found = await fileEncoding(path, name, encoding);
  const words: string[] = [];
  const lines: number[] = [];
  await readLines(
    path,
    name,
    (bytes, line) => {
      const text = bytes
        .toString()
        .replace(/^\uFEFF/, '')
        .trim();
      if (text === '') return;
      words.push(text);
      lines.push(line);
    },
    signal,
    found?.encoding,
  );
  return {
    file: name,
    count: words.length,
    columns: [{ kind: 'words', name: 'text', words, codes: Int32Array.from(words, (_, row) => row) }],
    lineOf: (row) => lines[row] ?? 1,
    remarks: found?.isGuess
      ? [
          `${name} is not UTF-8; it was read as ${found.encoding}. If words of it look wrong, dataset.encoding says otherwise.`,
        ]
      : [],
  };
}
