import { isUtf8 } from 'node:buffer';
import { basename } from 'node:path';
import { LINE_FEED, tableWidth } from './dialect.ts';
import { readPieces } from './fileBytes.ts';

/** What a file of text may hold whose name does not tell. */
export type TextKind = 'table' | 'labelled-words';

const SAMPLE = 2 ** 16;
/** Lines that tell a table from what only looks like one. */
const FEWEST_LINES = 3;
/** Names that tell nothing about the contents, or not the delimiter: .txt, .data, .psv and the like, or none. */
const TELLS_NOTHING = /\.(?:txt|data|dat|asc|prn|psv|dsv|ssv|tbl|all-data|test|train)$|^[^.]+$/i;
/** Cells of a line of a text with a label for every word: word, and at most part of speech, phrase and the like before the label. */
const MOST_TAGS = 6;

/** Whether the name of a file leaves open what is in it. */
export function tellsNothing(name: string): boolean {
  return TELLS_NOTHING.test(name);
}

/**
 * What a file of text holds, by its beginning: a table has the same number of cells in its lines; words with labels stand in lines with
 * empty ones between texts. Undefined for anything else.
 */
export async function plainTextKind(path: string): Promise<TextKind | undefined> {
  const name = basename(path);
  const found = { sample: Buffer.alloc(0), isWhole: true };
  try {
    await readPieces(
      path,
      name,
      (bytes, last) => {
        found.sample = Buffer.from(bytes.subarray(0, SAMPLE));
        found.isWhole = last || bytes.length <= SAMPLE;
        return 0;
      },
      { stop: () => found.sample.length > 0 },
    );
  } catch {
    // It is told when the file is read.
    return undefined;
  }
  const { sample, isWhole } = found;
  const lines = isWhole ? sample : sample.subarray(0, sample.lastIndexOf(LINE_FEED) + 1);
  if (lines.length === 0 || lines.includes(0) || (!isUtf8(lines) && lines.some((byte) => byte < 9))) return undefined;
  const text = lines
    .toString('latin1')
    .trimEnd()
    .split(/\r\n|\n|\r/);
  if (text.filter((line) => line.trim() !== '').length < FEWEST_LINES) return undefined;
  if (hasLabelledWords(text)) return 'labelled-words';
  // Texts behind a tab may have tabs in them.
  const isByTab = /\.txt$/i.test(name) && (text[0] ?? '').includes('\t');
  return isByTab || tableWidth(lines, name) > 1 ? 'table' : undefined;
}

/** Two or more groups of lines with the same few cells, of which most have several lines. */
function hasLabelledWords(lines: readonly string[]): boolean {
  let groups = 0;
  let words = 0;
  let isInside = false;
  let width: number | undefined;
  for (const line of lines) {
    if (line.trim() === '') {
      isInside = false;
      continue;
    }
    const cells = line.trim().split(/\s+/).length;
    width ??= cells;
    if (cells !== width || cells < 2 || cells > MOST_TAGS) return false;
    if (!isInside) groups++;
    isInside = true;
    words++;
  }
  return groups > 1 && words >= 2 * groups;
}
