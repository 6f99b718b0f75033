import { basename } from 'node:path';
import { BadInputError, type Problem } from '../../../../errors.ts';
import { pathProblem, refuseIfAny, shortList } from '../../../findings/problems.ts';
import { decoderOf, NumberBuilder, WordBuilder, type EncodingEvidence, type Storage, type Table } from '../column.ts';
import { describeDialect } from './describeDialect.ts';
import type { FileEncoding } from './fileEncoding.ts';
import type { OpeningLines } from './openingLines.ts';
import { LineNumbers } from './lineNumbers.ts';
import { RepeatedNames } from './repeatedNames.ts';
import { readMessyColumns } from '../messyColumns.ts';
import type { RecordSink } from './scanDelimited.ts';
import { damagedLine, openingOf, scanParts, unevenLine, type FilePart } from './scanParts.ts';
import type { ShardedTable } from './shards.ts';
import { SampledCells } from '../streaming/sampledCells.ts';

/** How a table is to be read. */
export interface TableOptions {
  /** How columns must be kept, by name; the others as their cells allow. */
  readonly storage: ReadonlyMap<string, Storage>;
  readonly signal?: AbortSignal | undefined;
  /** The encoding of files that are not UTF-8; by default their words tell. */
  readonly encoding?: string | undefined;
  /** Bytes that the rows may take by which the table is understood, where only such are to be kept; see `RowSampler`. */
  readonly sampleBytes?: number | undefined;
}

/**
 * Reads a file of comma-separated values or the like, or several that are one table: delimiter, quotes, header and encoding are found out.
 *
 * A column of which every cell is a number (or missing) is kept as numbers, any other as words. This is judged by the
 * beginning of the file; where a later cell disagrees, the file is read a second time. Words that are numbers all the same, written in
 * another way or with marks for missing ones between them, are then read as such; see `readNumbersInWords`.
 *
 * @throws BadInputError naming every line that has too many or too few cells or no number where there must be one
 */
export async function readDelimited(path: string | ShardedTable, options: TableOptions): Promise<Table> {
  const table = typeof path === 'string' ? { name: basename(path), paths: [path] } : path;
  const opening = await openingOf(table, options.encoding);
  const storage = opening.names.map((column, index) =>
    options.storage.get(column) === 'words' ? 'words' : (opening.storage[index] ?? 'words'),
  );
  const first = await readWith(table, opening, storage, options);
  if (first.disproved.length === 0) return first.table();
  const second = await readWith(
    table,
    opening,
    storage.map((kind, column) => (first.disproved.includes(column) ? 'words' : kind)),
    options,
  );
  return second.table();
}

/** One of the files of a table, and its encoding where it is not UTF-8. */
interface PartEncoding {
  readonly file: string;
  readonly encoding: FileEncoding | undefined;
}

interface Reading {
  /** Columns that were taken for numbers and are not. */
  readonly disproved: readonly number[];
  /** @throws BadInputError with what was wrong with the file */
  table(): Table;
}

async function readWith(
  parts: ShardedTable,
  opening: OpeningLines,
  storage: readonly Storage[],
  options: TableOptions,
): Promise<Reading> {
  const { name } = parts;
  const { header, names, points } = opening;
  const { sampleBytes } = options;
  const sample = sampleBytes === undefined ? undefined : new SampledCells(opening, storage, sampleBytes);
  const expectedRows = sample ? 0 : opening.expectedRows;
  const problems: Problem[] = [];
  const disproved = new Set<number>();
  const lines = new LineNumbers();
  const encodings: PartEncoding[] = [];
  const repeated = new RepeatedNames(names);
  let row = 0;
  /** Records of a file that are no rows and still come. */
  let skipped = 0;
  const builders = storage.map((kind, column) =>
    kind === 'number' ? new NumberBuilder(expectedRows, points[column]) : new WordBuilder(expectedRows),
  );
  const put = (column: number, at: number, bytes: Buffer, start: number, end: number): void => {
    if (builders[column]?.put(at, bytes, start, end) === false) disproved.add(column);
  };
  const sinkOf = ({ file, linesBefore }: FilePart): RecordSink => ({
    cell: (column, bytes, start, end) => {
      if (skipped > 0) return;
      if (sample) sample.take(column, bytes, start, end);
      else put(column, row, bytes, start, end);
    },
    record: (cells, line) => {
      if (skipped > 0) {
        skipped--;
        return;
      }
      if (cells !== names.length) problems.push(unevenLine({ file, line, cells }, names.length, header));
      if (!sample || sample.endRow(put)) lines.add(line + linesBefore);
      row++;
    },
    damage: (line, message) => {
      problems.push(damagedLine(file, line, message));
    },
  });
  await scanParts(parts, opening, options, (part) => {
    skipped = part.own.headerLines;
    encodings.push({ file: part.file, encoding: part.own.encoding });
    return repeated.without(sinkOf(part), part.linesBefore, () => skipped === 0);
  });
  return {
    disproved: [...disproved],
    table: () => {
      refuseIfAny(shortList(problems, 'lines'));
      if (row <= 0)
        throw new BadInputError([pathProblem(`${name} has no samples.`, 'A table needs a line for every sample.')]);
      const { decode, remarks } = decoding(encodings, name, builders, (index) => lines.of(index));
      const table: Table = {
        file: name,
        count: sample?.count ?? row,
        ...(sample && { sampledFrom: row }),
        columns: builders.map((builder, column) => {
          const finished = builder.finish(names[column] ?? '', decode);
          return sample?.countsRows(column) === true ? { ...finished, countsRows: true } : finished;
        }),
        lineOf: (index) => lines.of(index),
        remarks,
        notes: [...describeDialect(name, opening), ...repeated.notes(name)],
      };
      return readMessyColumns(table, opening, options.storage);
    },
  };
}

/** @throws BadInputError when some cells are UTF-8 and others are not */
function decoding(
  encodings: readonly PartEncoding[],
  name: string,
  builders: readonly (NumberBuilder | WordBuilder)[],
  lineOf: (row: number) => number,
): { readonly decode: (word: string) => string; readonly remarks: readonly string[] } {
  const evidence: EncodingEvidence = { utf8: false, otherLine: undefined };
  for (const builder of builders) if (builder instanceof WordBuilder) builder.examine(evidence, lineOf);
  if (evidence.otherLine === undefined)
    return { decode: decoderOf('utf-8'), remarks: guessedEncodings(name, encodings) };
  if (evidence.utf8) {
    throw new BadInputError([
      pathProblem(
        `Line ${evidence.otherLine} of ${name} is not UTF-8, but other lines are.`,
        'Save the whole file in one encoding, best UTF-8.',
      ),
    ]);
  }
  if (evidence.unknownLine !== undefined) {
    throw new BadInputError([
      pathProblem(
        `Line ${evidence.unknownLine} of ${name} is neither UTF-8 nor in an encoding that its words speak for.`,
        "Say which one it is in dataset.encoding, such as 'gb18030', or save the file as UTF-8.",
      ),
    ]);
  }
  return {
    decode: decoderOf('windows-1252'),
    remarks: [
      `${name} is not UTF-8 (line ${evidence.otherLine}); it was read as Windows-1252. If words of it look wrong, dataset.encoding says otherwise.`,
    ],
  };
}

/** Says in which encodings files were read, where nobody said so. */
function guessedEncodings(name: string, parts: readonly PartEncoding[]): readonly string[] {
  const guessed = new Map<string, string[]>();
  for (const { file, encoding } of parts) {
    if (encoding?.isGuess === true) guessed.set(encoding.encoding, [...(guessed.get(encoding.encoding) ?? []), file]);
  }
  return [...guessed].map(([encoding, files]) => {
    const [first = name] = files;
    const which =
      files.length === parts.length ? name : files.length === 1 ? first : `${first} and ${files.length - 1} more`;
    return `${which} is not UTF-8; it was read as ${encoding}, for which its words speak. If they look wrong, dataset.encoding says otherwise.`;
  });
}
