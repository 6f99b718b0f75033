import { isUtf8 } from 'node:buffer';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Problem } from '../../../../errors.ts';
import { pathProblem, refuseIfAny, shortList } from '../../../findings/problems.ts';
import { decoderOf, NumberBuilder, WordBuilder, type Column, type Table } from '../column.ts';
import { readPieces } from '../reading/fileBytes.ts';
import { readOpeningLines } from '../reading/openingLines.ts';
import { readDelimited } from '../reading/readDelimited.ts';
import { DelimitedScanner } from '../reading/scanDelimited.ts';
import { numbersAsSampled, notANumber } from './asSampled.ts';
import type { ReadingContext } from '../reading/tableReader.ts';
import { ROWS_AT_ONCE, type TableStream } from './tableStream.ts';

/** Bytes of a number, and of the place of a word, in a column that is held. */
const HELD = { number: 8, words: 4 } as const;
/** Problems after which reading ends. */
const MOST_PROBLEMS = 100;

/** A file of comma-separated values or the like, read piece by piece. */
export function delimitedStream(path: string, context: ReadingContext): TableStream {
  const { signal, encoding } = context;
  const name = basename(path);
  return {
    foresee: async () => {
      const { expectedRows, storage } = await readOpeningLines(path, name, encoding);
      const row = storage.reduce((sum, kind) => sum + HELD[kind], 0);
      const { size } = await stat(path);
      return { rows: expectedRows, columns: storage.length, fileBytes: size, bytes: expectedRows * row };
    },
    sample: (storage, sampleBytes) => readDelimited(path, { storage, signal, encoding, sampleBytes }),
    read: (columns, take) => readBlocks(path, columns, take, context),
  };
}

async function readBlocks(
  path: string,
  columns: readonly Column[],
  take: (rows: Table) => void,
  { signal, encoding }: ReadingContext,
): Promise<void> {
  const name = basename(path);
  const opening = await readOpeningLines(path, name, encoding);
  const { dialect, header, headerLines, names, points } = opening;
  const problems: Problem[] = [];
  const places = columns.map((column) => names.indexOf(column.name));
  refuseIfAny(
    columns
      .filter((_, at) => places[at] === -1)
      .map((column) =>
        pathProblem(
          `${name} has no column '${column.name}': numbers in lists within cells are only read of tables that fit into memory.`,
          'Give each number a column of its own.',
        ),
      ),
  );
  /** By column of the file, the one among those that are wanted. */
  const wanted = Int32Array.from(names, (_, place) => places.indexOf(place));
  const builderOf = (column: Column, at: number): NumberBuilder | WordBuilder =>
    column.kind === 'number' && !column.numberOf
      ? new NumberBuilder(ROWS_AT_ONCE, points[places[at] ?? 0])
      : new WordBuilder(ROWS_AT_ONCE);
  let builders = columns.map(builderOf);
  let lines: number[] = [];
  let row = -headerLines;
  const finish = (): void => {
    if (lines.length === 0) return;
    const block: Table = {
      file: name,
      count: lines.length,
      columns: builders.map((builder, at) => builder.finish(columns[at]?.name ?? '', decode)),
      lineOf: (index) => linesOfBlock[index] ?? 0,
      remarks: [],
    };
    const linesOfBlock = lines;
    const read = numbersAsSampled(block, columns, problems);
    builders = columns.map(builderOf);
    lines = [];
    row = 0;
    if (problems.length === 0) take(read);
  };
  const scanner = new DelimitedScanner(dialect, {
    cell: (column, bytes, start, end) => {
      const at = wanted[column] ?? -1;
      if (row < 0 || at < 0 || builders[at]?.put(row, bytes, start, end) !== false) return;
      problems.push(notANumber(name, scanner.line, bytes.toString('latin1', start, end), names[column] ?? ''));
    },
    record: (cells, line) => {
      if (row < 0) {
        row++;
        return;
      }
      if (cells !== names.length) {
        problems.push(
          pathProblem(
            `Line ${line} of ${name} has ${cells} cells, but ${header ? 'the header' : 'the first line'} has ${names.length}.`,
          ),
        );
      }
      lines.push(line);
      row++;
      if (row === ROWS_AT_ONCE) finish();
    },
    damage: (line, message) => {
      problems.push(pathProblem(`Line ${line} of ${name} ${message}.`));
    },
  });
  await readPieces(path, name, (bytes, last) => scanner.scan(bytes, last), {
    signal,
    encoding: opening.encoding?.encoding,
    stop: () => problems.length > MOST_PROBLEMS,
  });
  if (problems.length === 0) finish();
  refuseIfAny(shortList(problems, 'lines'));
}

const decoders = { utf8: decoderOf('utf-8'), other: decoderOf('windows-1252') };

/** A file is in one encoding, as its sample told. */
function decode(word: string): string {
  return isUtf8(Buffer.from(word, 'latin1')) ? decoders.utf8(word) : decoders.other(word);
}
