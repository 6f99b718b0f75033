import { resolve } from 'node:path';
import type { Problem } from '../../errors.ts';
import type { DatasetOptions, OpenContext } from '../dataset.ts';
import { allOrProblems, refuseIfAny } from '../problems.ts';
import type { Source, UnfittedSource } from '../source.ts';
import { strataOf } from '../targets.ts';
import { readTokenizer } from '../text/fileTokenizer.ts';
import { textColumnsSource } from '../text/textColumns.ts';
import { imageTablesSource, withImages } from './imageTables.ts';
import { checkColumns } from './alignTable.ts';
import type { Column, Table } from './column.ts';
import type { TableReader, TableReaders } from './tableReaders.ts';
import { fitColumn, TableSplit, widthOf } from './encodeColumns.ts';
import { fitTargets, readTargets, scaleTargets } from './tableTargets.ts';
import type { TableSamples, UnderstoodTables } from './understoodTables.ts';
import { storageFor, understandTable } from './understandTable.ts';

/**
 * Reads the tables of the splits and decides by the training table what their columns are used as.
 *
 * @throws BadInputError with everything that is wrong with the tables and with the experiment's choices
 */
export async function tablesSource(
  readers: TableReaders,
  context: OpenContext,
  options: DatasetOptions,
): Promise<UnfittedSource> {
  const training = withImages(await readers.training(storageFor(options)), readers.folder);
  if (training.images) return imageTablesSource(readers, training, context, options);
  const plan = understandTable(training, options);
  const storage = new Map(training.columns.map(({ name, kind }) => [name, kind]));
  const used = [...plan.features, ...plan.targets.columns];
  const readOther = async (read: TableReader | undefined): Promise<Table | undefined> => {
    if (!read) return undefined;
    const table = await read(storage);
    checkColumns(table, training, used);
    return table;
  };
  const [validation, test] = await allOrProblems<[Table | undefined, Table | undefined]>([
    readOther(readers.validation),
    readOther(readers.test),
  ]);
  const problems: Problem[] = [];
  const samplesOf = (table: Table): TableSamples => ({ table, targets: readTargets(table, plan.targets, problems) });
  const understood: UnderstoodTables = {
    format: readers.format,
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
