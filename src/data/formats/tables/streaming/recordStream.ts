import type { Problem } from '../../../../errors.ts';
import { pathProblem, refuseIfAny } from '../../../findings/problems.ts';
import { sourceOf, type Column, type Storage, type Table } from '../column.ts';
import type { JsonRecord } from '../reading/readJsonLines.ts';
import { numbersAsSampled } from './asSampled.ts';
import { RowSampler } from './rowSampler.ts';
import { ROWS_AT_ONCE, type TableSize, type TableStream } from './tableStream.ts';

/** Rows of named values that are read one after the other. */
export interface RecordSource {
  /** See `TableStream`. */
  foresee(enough: number): Promise<TableSize>;
  /** Gives every row, in order. */
  each(take: (record: JsonRecord) => void): Promise<void>;
  /** Some of the rows as a table; of those of all rows, what the file says of itself is known. */
  tableOf(records: readonly JsonRecord[], storage: ReadonlyMap<string, Storage>): Table;
}

/** Lines of JSON, or rows of a file whose columns have types, piece by piece. */
export function recordStream(source: RecordSource): TableStream {
  return {
    foresee: (enough) => source.foresee(enough),
    sample: async (storage, memory) => {
      const { rows, columns } = await source.foresee(0);
      const sampler = new RowSampler(rows, columns, memory);
      const places = new Map<string, number>();
      const placeOf = (name: string): number => {
        const place = places.get(name) ?? places.size;
        places.set(name, place);
        return place;
      };
      const chosen: JsonRecord[] = [];
      await source.each((record) => {
        look(record.fields, '', sampler, placeOf);
        if (sampler.endRow()) chosen.push(record);
      });
      const table = source.tableOf(chosen, storage);
      return {
        ...table,
        sampledFrom: sampler.rows,
        columns: table.columns.map((column) => {
          const place = places.get(column.name);
          const countsRows = column.kind === 'number' && place !== undefined && sampler.countsRows(place);
          return countsRows ? { ...column, countsRows } : column;
        }),
      };
    },
    read: async (columns, take) => {
      const storage = new Map<string, Storage>(
        columns.map((column) =>
          column.kind === 'number' && column.numberOf
            ? [column.of ?? column.name, 'words']
            : [column.name, column.kind],
        ),
      );
      let records: JsonRecord[] = [];
      const finish = (): void => {
        if (records.length > 0) take(blockOf(source.tableOf(records, storage), columns));
        records = [];
      };
      await source.each((record) => {
        records.push(record);
        if (records.length === ROWS_AT_ONCE) finish();
      });
      finish();
    },
  };
}

/** Has the sampler see what a row has, also within lists and objects. */
function look(value: unknown, name: string, sampler: RowSampler, placeOf: (name: string) => number): void {
  if (typeof value === 'number' && !Number.isNaN(value)) sampler.seeNumber(placeOf(name), value);
  else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !(value instanceof Date)) {
    if (Array.isArray(value)) for (const each of value as unknown[]) look(each, `${name}[]`, sampler, placeOf);
    else
      for (const [field, each] of Object.entries(value))
        look(each, name === '' ? field : `${name}.${field}`, sampler, placeOf);
  } else if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') {
    if (sampler.wantsWords(placeOf(name))) sampler.seeWord(placeOf(name), String(value));
  }
}

/** The columns of the sample in some rows; those that these rows lack are missing there. */
function blockOf(table: Table, wanted: readonly Column[]): Table {
  const problems: Problem[] = [];
  const columns = wanted.map((model): Column => {
    const found = table.columns.find(({ name }) => name === sourceOf(model));
    if (found) return { ...found, name: model.name };
    if (/\[\d+\]/.test(model.name)) {
      const lines = `${table.lineOf(0)} to ${table.lineOf(table.count - 1)}`;
      problems.push(
        pathProblem(
          `${table.file} has lists of another length between rows ${lines} than before: there is no '${model.name}'.`,
          'Lists become columns where they are equally long in every row.',
        ),
      );
    }
    return model.kind === 'number'
      ? { kind: 'number', name: model.name, values: new Float64Array(table.count).fill(NaN) }
      : { kind: 'words', name: model.name, words: [''], codes: new Int32Array(table.count) };
  });
  const block = numbersAsSampled({ ...table, columns }, wanted, problems);
  refuseIfAny(problems);
  return block;
}
