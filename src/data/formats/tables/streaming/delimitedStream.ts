import { isUtf8 } from 'node:buffer';
import type { Problem } from '../../../../errors.ts';
import { pathProblem, refuseIfAny, shortList } from '../../../findings/problems.ts';
import { decoderOf, NumberBuilder, sourceOf, WordBuilder, type Column, type Table } from '../column.ts';
import { readDelimited } from '../reading/readDelimited.ts';
import { RepeatedNames } from '../reading/repeatedNames.ts';
import type { RecordSink } from '../reading/scanDelimited.ts';
import { damagedLine, openingOf, scanParts, unevenLine, type FilePart } from '../reading/scanParts.ts';
import { bytesOfFiles, type ShardedTable } from '../reading/shards.ts';
import { numbersAsSampled, notANumber } from './asSampled.ts';
import type { ReadingContext } from '../reading/tableReader.ts';
import { ROWS_AT_ONCE, type TableStream } from './tableStream.ts';

/** Bytes of a number, and of the place of a word, in a column that is held. */
const HELD = { number: 8, words: 4 } as const;
/** Problems after which reading ends. */
const MOST_PROBLEMS = 100;

/** A file of comma-separated values or the like, or several that are one table, read piece by piece. */
export function delimitedStream(table: ShardedTable, context: ReadingContext): TableStream {
  const { signal, encoding } = context;
  return {
    foresee: async () => {
      const { expectedRows, storage } = await openingOf(table, encoding);
      const row = storage.reduce((sum, kind) => sum + HELD[kind], 0);
      const fileBytes = await bytesOfFiles(table);
      return { rows: expectedRows, columns: storage.length, fileBytes, bytes: expectedRows * row };
    },
    sample: (storage, sampleBytes) => readDelimited(table, { storage, signal, encoding, sampleBytes }),
    read: (columns, take) => readBlocks(table, columns, take, context),
  };
}

async function readBlocks(
  table: ShardedTable,
  columns: readonly Column[],
  take: (rows: Table) => void,
  { signal, encoding }: ReadingContext,
): Promise<void> {
  const { name } = table;
  const opening = await openingOf(table, encoding);
  const { header, names, points } = opening;
  const problems: Problem[] = [];
  const places = columns.map((column) => names.indexOf(sourceOf(column)));
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
  /** By column of the file, the first among those that are wanted; by each of these, the next one of the same column of the file. */
  const wanted = Int32Array.from(names, (_, place) => places.indexOf(place));
  const also = Int32Array.from(places, (place, at) => places.indexOf(place, at + 1));
  const builderOf = (column: Column, at: number): NumberBuilder | WordBuilder =>
    column.kind === 'number' && !column.numberOf
      ? new NumberBuilder(ROWS_AT_ONCE, points[places[at] ?? 0])
      : new WordBuilder(ROWS_AT_ONCE);
  let builders = columns.map(builderOf);
  let lines: number[] = [];
  let row = 0;
  /** Records of a file that are no rows and still come. */
  let skipped = 0;
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
  const sinkOf = ({ file, linesBefore, lineNow }: FilePart): RecordSink => ({
    cell: (column, bytes, start, end) => {
      if (skipped > 0) return;
      for (let at = wanted[column] ?? -1; at >= 0; at = also[at] ?? -1) {
        if (builders[at]?.put(row, bytes, start, end) !== false) continue;
        problems.push(notANumber(file, lineNow(), bytes.toString('latin1', start, end), names[column] ?? ''));
      }
    },
    record: (cells, line) => {
      if (skipped > 0) {
        skipped--;
        return;
      }
      if (cells !== names.length) problems.push(unevenLine({ file, line, cells }, names.length, header));
      lines.push(line + linesBefore);
      row++;
      if (row === ROWS_AT_ONCE) finish();
    },
    damage: (line, message) => {
      problems.push(damagedLine(file, line, message));
    },
  });
  const repeated = new RepeatedNames(names);
  const stop = (): boolean => problems.length > MOST_PROBLEMS;
  await scanParts(table, opening, { signal, encoding, stop }, (part) => {
    skipped = part.own.headerLines;
    return repeated.without(sinkOf(part), part.linesBefore, () => skipped === 0);
  });
  if (problems.length === 0) finish();
  refuseIfAny(shortList(problems, 'lines'));
}

const decoders = { utf8: decoderOf('utf-8'), other: decoderOf('windows-1252') };

/** A file is in one encoding, as its sample told. */
function decode(word: string): string {
  return isUtf8(Buffer.from(word, 'latin1')) ? decoders.utf8(word) : decoders.other(word);
}
