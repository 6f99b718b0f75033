import { basename, extname, join, resolve } from 'node:path';
import type { Problem } from '../../errors.ts';
import type { DatasetOptions, OpenContext } from '../dataset.ts';
import { allOrProblems, refuseIfAny } from '../problems.ts';
import type { Format, Location, Source, UnfittedSource } from '../source.ts';
import { strataOf } from '../targets.ts';
import { readTokenizer } from '../text/fileTokenizer.ts';
import { textColumnsSource } from '../text/textColumns.ts';
import { checkColumns } from './alignTable.ts';
import type { Column, Storage, Table } from './column.ts';
import { fitColumn, TableSplit, widthOf } from './encodeColumns.ts';
import { readDelimited } from './readDelimited.ts';
import { readJsonLines } from './readJsonLines.ts';
import { recordsTable } from './recordsTable.ts';
import { splitFiles } from './tableFiles.ts';
import { fitTargets, readTargets, scaleTargets } from './tableTargets.ts';
import type { TableSamples, UnderstoodTables } from './understoodTables.ts';
import { storageFor, understandTable } from './understandTable.ts';

const ENDING = /\.(?:csv|tsv|tab|jsonl|ndjson)$/i;

/** Tables: a file for all samples, or one for each split. */
export const tables: Format = {
  description:
    'tables: a file of comma- or tab-separated values (.csv, .tsv) or of JSON objects in lines (.jsonl), or a folder with ' +
    'files called train, validation and test',
  recognises: ({ file, files }) => (file === undefined ? files.some((name) => ENDING.test(name)) : ENDING.test(file)),
  open: openTables,
};

async function openTables(location: Location, context: OpenContext, options: DatasetOptions): Promise<UnfittedSource> {
  const names = splitFiles(location, ENDING);
  const path = (name: string): string => join(location.folder, name);
  const training = await readTable(path(names.training), storageFor(options), context.signal);
  const plan = understandTable(training, options);
  const storage = new Map(training.columns.map(({ name, kind }) => [name, kind]));
  const used = [...plan.features, ...plan.targets.columns];
  const readOther = async (name: string | undefined): Promise<Table | undefined> => {
    if (name === undefined) return undefined;
    const table = await readTable(path(name), storage, context.signal);
    checkColumns(table, training, used);
    return table;
  };
  const [validation, test] = await allOrProblems<[Table | undefined, Table | undefined]>([
    readOther(names.validation),
    readOther(names.test),
  ]);
  const problems: Problem[] = [];
  const samplesOf = (table: Table): TableSamples => ({ table, targets: readTargets(table, plan.targets, problems) });
  const understood: UnderstoodTables = {
    format: extname(names.training).slice(1).toUpperCase(),
    plan,
    training: samplesOf(training),
    ...(validation && { validation: samplesOf(validation) }),
    ...(test && { test: samplesOf(test) }),
  };
  refuseIfAny(problems);
  const tokenizer =
    plan.content === 'texts' && options.tokenizer !== undefined
      ? await readTokenizer(resolve(context.baseDirectory, options.tokenizer))
      : undefined;
  return {
    format: understood.format,
    count: training.count,
    strata: strataOf(understood.training.targets, training.count),
    ...(plan.group && { groups: groupsOf(plan.group, training.count) }),
    brings: { validation: validation !== undefined, test: test !== undefined },
    fit: (rows) =>
      plan.content === 'texts'
        ? textColumnsSource(understood, rows, { ...options, tokenizer, signal: context.signal })
        : tableSource(understood, rows, options.scaling === 'standard'),
  };
}

async function readTable(path: string, storage: ReadonlyMap<string, Storage>, signal?: AbortSignal): Promise<Table> {
  if (!/\.(?:jsonl|ndjson)$/i.test(path)) return readDelimited(path, { storage, signal });
  return recordsTable(basename(path), await readJsonLines(path, signal), storage);
}

/** A number for every row, the same where the column has the same value. */
function groupsOf(column: Column, count: number): Int32Array {
  if (column.kind === 'words') return column.codes.subarray(0, count);
  const codes = new Map<number, number>();
  return Int32Array.from({ length: count }, (_, row) => {
    const value = column.values[row] ?? NaN;
    const code = codes.get(value) ?? codes.size;
    codes.set(value, code);
    return code;
  });
}

/** Tables of numbers and categories as samples, fitted to `rows` of the training table. */
function tableSource(
  { format, plan, training, validation, test }: UnderstoodTables,
  rows: Int32Array,
  scaled: boolean,
): Source {
  const columns = plan.features.map((column) => fitColumn(column, rows, scaled));
  const scales = fitTargets(plan.targets, training.targets, rows, scaled);
  const splitOf = ({ table, targets }: TableSamples): TableSplit =>
    new TableSplit(table, columns, scaleTargets(targets, scales));
  return {
    format,
    task: plan.targets.task,
    samples: { kind: 'values' },
    sampleShape: [columns.reduce((width, column) => width + widthOf(column), 0)],
    training: splitOf(training),
    ...(validation && { validation: splitOf(validation) }),
    ...(test && { test: splitOf(test) }),
    preparation: { kind: 'table', columns, targets: scales },
    findings: plan.findings,
  };
}
