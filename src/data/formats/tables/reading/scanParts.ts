import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { BadInputError, type Problem } from '../../../../errors.ts';
import { pathProblem } from '../../../findings/problems.ts';
import { readPieces } from './fileBytes.ts';
import { readOpeningLines, type OpeningLines } from './openingLines.ts';
import { DelimitedScanner, type RecordSink } from './scanDelimited.ts';
import type { ShardedTable } from './shards.ts';

interface ScanningOptions {
  /** The encoding that a person named for files that are not UTF-8. */
  readonly encoding?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly stop?: () => boolean;
}

/** One of the files of a table. */
export interface FilePart {
  /** What its beginning tells. */
  readonly own: OpeningLines;
  readonly file: string;
  /** Lines of the files before it. */
  readonly linesBefore: number;
  /** The line of it that is being read. */
  readonly lineNow: () => number;
}

/** What the beginning of the first of the files of a table tells about all of them. @throws BadInputError as `readOpeningLines` does */
export async function openingOf({ paths }: ShardedTable, encoding: string | undefined): Promise<OpeningLines> {
  const [first = '', ...others] = paths;
  const opening = await readOpeningLines(first, basename(first), { encoding, isPart: others.length > 0 });
  if (others.length === 0) return opening;
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  const ratio = sizes.reduce((sum, size) => sum + size, 0) / Math.max(1, sizes[0] ?? 0);
  return { ...opening, expectedRows: Math.ceil(opening.expectedRows * ratio) };
}

/**
 * Reads the records of the files of a table, one file after the other.
 *
 * @param begin gives what is told of the records of each file
 * @throws BadInputError when a file cannot be read, or has other columns than the first
 */
export async function scanParts(
  { paths }: ShardedTable,
  opening: OpeningLines,
  { encoding, signal, stop }: ScanningOptions,
  begin: (part: FilePart) => RecordSink,
): Promise<void> {
  let before = 0;
  for (const [index, path] of paths.entries()) {
    const file = basename(path);
    const own = index === 0 ? opening : await readOpeningLines(path, file, { encoding, isPart: true });
    if (own.names.join('\n') !== opening.names.join('\n')) {
      throw new BadInputError([
        pathProblem(
          `${file} has other columns than ${basename(paths[0] ?? '')}.`,
          'Parts of one table have the same columns in the same order; else name the one file that is meant.',
        ),
      ]);
    }
    const part: FilePart = { own, file, linesBefore: before, lineNow: () => scanner.line };
    const scanner: DelimitedScanner = new DelimitedScanner(own.dialect, begin(part));
    await readPieces(path, file, (bytes, last) => scanner.scan(bytes, last), {
      signal,
      encoding: own.encoding?.encoding,
      ...(stop && { stop }),
    });
    if (stop?.() === true) return;
    before += scanner.line - 1;
  }
}

/** What is wrong with a line, counted from 1, that has more or fewer cells than the table has columns. */
export function unevenLine(
  { file, line, cells }: { readonly file: string; readonly line: number; readonly cells: number },
  columns: number,
  hasHeader: boolean,
): Problem {
  return pathProblem(
    `Line ${line} of ${file} has ${cells} cells, but ${hasHeader ? 'the header' : 'the first line'} has ${columns}.`,
    'Every line needs a cell for every column; cells with delimiters or line ends in them must be quoted.',
  );
}

/** What is wrong with a line whose quotation marks are. @param message how, as the end of a sentence */
export function damagedLine(file: string, line: number, message: string): Problem {
  return pathProblem(`Line ${line} of ${file} ${message}.`, 'Quotation marks inside a quoted cell are doubled.');
}
