import { resolve } from 'node:path';
import type { Problem } from '../../../errors.ts';
import type { DatasetOptions, OpenContext } from '../../dataset.ts';
import { refuseIfAny } from '../../findings/problems.ts';
import type { ColumnCode } from '../../preparation.ts';
import type { Source, UnfittedSource } from '../../source.ts';
import { strataOf } from '../../targets.ts';
import type { SamplePart } from '../../task.ts';
import { readTokenizer } from '../texts/fileTokenizer.ts';
import { textColumnsSource } from '../texts/textColumns.ts';
import { imageTablesSource } from './images/imageTables.ts';
import { checkColumns } from './alignTable.ts';
import type { Table } from './column.ts';
import { readLabelledTables } from './readLabelledTables.ts';
import { streamedTablesSource } from './streaming/streamedTablesSource.ts';
import type { TableReaders } from './reading/tableReader.ts';
import { decimalsOf } from './decimalsOf.ts';
import { groupsOf } from './rowGroups.ts';
import { repeatedPersons, sharedPersons } from './doubts/repeatedPersons.ts';
import { unseenCategories } from './doubts/unseenCategories.ts';
import { fitColumns, TableSplit, widthOf } from './encodeColumns.ts';
import { surveyTable } from '../../survey/surveyTable.ts';
import { fitTargets, readTargets, scaleTargets } from './targets/tableTargets.ts';
import type { TableSamples, UnderstoodTables } from './understoodTables.ts';
import { understandTable } from './understandTable.ts';

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
  const streamed = await streamedTablesSource(readers, context, options);
  if (streamed) return streamed;
  const { training, validation, test, target, findings } = await readLabelledTables(
    readers,
    options,
    context.teacher?.target,
  );
  if (training.images) {
    return imageTablesSource(
      { format: readers.format, training, validation, test, target, findings },
      context,
      options,
    );
  }
  const understanding = understandTable(training, { ...options, target, teacher: context.teacher }, findings);
  const isDrawn = !validation && !test && options.split === undefined;
  const taken = understanding.targets.columns;
  const persons = isDrawn ? repeatedPersons(training, taken) : sharedPersons(training, test, taken);
  const plan = { ...understanding, findings: [...understanding.findings, ...persons] };
  const used = [...plan.features, ...plan.targets.columns];
  for (const table of [validation, test]) if (table) checkColumns(table, training, used);
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
    ...(plan.order && { order: plan.order }),
    brings: { validation: validation !== undefined, test: test !== undefined },
    fit: (rows) =>
      plan.content === 'texts'
        ? textColumnsSource(understood, rows, { ...options, tokenizer, signal: context.signal })
        : tableSource(understood, rows, options.scaling === 'standard'),
    survey: () =>
      Promise.resolve({ table: surveyTable(training, { ...plan, targets: plan.targets.columns }, options) }),
  };
}

function partOf(code: ColumnCode, tables: readonly Table[]): SamplePart {
  const { name } = code;
  if (code.kind === 'category') return { name, shape: [widthOf(code)], isCategory: true };
  const columns = tables.flatMap((table) => table.columns.find((column) => column.name === name) ?? []);
  const decimals = decimalsOf(columns.flatMap((column) => (column.kind === 'number' ? [column.values] : [])));
  const isKnown = code.part === undefined && columns.length === tables.length && decimals !== undefined;
  return { name, shape: [1], ...(isKnown && { decimals }) };
}

/** Tables of numbers and categories as samples, fitted to `rows` of the training table. */
function tableSource(
  { format, plan, training, validation, test }: UnderstoodTables,
  rows: Int32Array,
  scaled: boolean,
): Source {
  const fitting = { scaled, dates: plan.dates, isPlain: plan.isPlain };
  const columns = plan.features.flatMap((column) => fitColumns(column, rows, fitting));
  const scales = fitTargets(plan.targets, training.targets, rows, scaled);
  const tables = [training, validation, test].flatMap((each) => (each ? [each.table] : []));
  const splitOf = ({ table, targets }: TableSamples): TableSplit =>
    new TableSplit(table, columns, scaleTargets(targets, scales));
  return {
    format,
    task: plan.targets.task,
    samples: { kind: 'values', parts: columns.map((column) => partOf(column, tables)) },
    sampleShape: [columns.reduce((width, column) => width + widthOf(column), 0)],
    training: splitOf(training),
    ...(validation && { validation: splitOf(validation) }),
    ...(test && { test: splitOf(test) }),
    preparation: { kind: 'table', columns, targets: scales },
    findings: [...plan.findings, ...unseenCategories(columns, tables)],
  };
}
