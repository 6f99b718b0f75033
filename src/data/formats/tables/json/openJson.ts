import { extname, join, resolve } from 'node:path';
import type { DatasetOptions, OpenContext } from '../../../dataset.ts';
import { allOrProblems } from '../../../findings/problems.ts';
import type { Location, UnfittedSource } from '../../../source.ts';
import { readTokenizer } from '../../texts/fileTokenizer.ts';
import { information } from '../../../findings/finding.ts';
import { listOf } from '../../../findings/wording.ts';
import { withFindings } from '../../../findings/withFindings.ts';
import { hasWords, labelledRecords, otherLabelFields } from '../../texts/labelledWords.ts';
import { tokenLabelSource, type LabelledFile } from '../../texts/tokenLabels.ts';
import type { SplitFiles } from '../reading/tableFiles.ts';
import { tablesSource } from '../tablesSource.ts';
import type { JsonRecords } from './jsonShapes.ts';
import { streamedTablesSource } from '../streaming/streamedTablesSource.ts';
import { jsonLinesStream } from './jsonLinesStream.ts';
import { jsonTable, readJson } from './readJson.ts';

interface NamedRecords extends JsonRecords {
  readonly file: string;
}

/** Opens files of JSON: tables, or texts with a label for every word. */
export async function openJson(
  { folder, imagesFolder = folder }: Location,
  names: SplitFiles,
  context: OpenContext,
  options: DatasetOptions,
): Promise<UnfittedSource> {
  const read = async (file: string | undefined): Promise<NamedRecords | undefined> =>
    file === undefined
      ? undefined
      : { file, ...(await readJson(join(folder, file), options.table, context.signal)).training };
  const file = names.training;
  const streamed = await openStreamed({ folder, imagesFolder }, names, context, options);
  if (streamed) return streamed;
  const splits = await readJson(join(folder, file), options.table, context.signal);
  const inside = (records: JsonRecords | undefined): NamedRecords | undefined => records && { file, ...records };
  const [validation, test] = await allOrProblems<[NamedRecords | undefined, NamedRecords | undefined]>([
    names.validation === undefined ? Promise.resolve(inside(splits.validation)) : read(names.validation),
    names.test === undefined ? Promise.resolve(inside(splits.test)) : read(names.test),
  ]);
  const training = { file, ...splits.training };
  const format = extname(file).slice(1).toUpperCase();
  if (training.records[0] && hasWords(training.records[0])) {
    return openLabelledWords(format, { training, validation, test }, context, options);
  }
  const reader = (split: NamedRecords) => (storage: Parameters<typeof jsonTable>[2]) =>
    Promise.resolve().then(() => jsonTable(split.file, split, storage));
  return tablesSource(
    {
      folder: imagesFolder,
      format,
      training: reader(training),
      ...(validation && { validation: reader(validation) }),
      ...(test && { test: reader(test) }),
    },
    context,
    options,
  );
}

/** Lines of JSON that do not fit into memory; undefined for what is held, and for texts with a label for every word. */
async function openStreamed(
  { folder, imagesFolder }: { readonly folder: string; readonly imagesFolder: string },
  { training, validation, test }: SplitFiles,
  context: OpenContext,
  options: DatasetOptions,
): Promise<UnfittedSource | undefined> {
  const streamOf = async (file: string | undefined) =>
    file === undefined ? undefined : await jsonLinesStream(join(folder, file), context.signal);
  const first = await streamOf(training);
  if (!first) return undefined;
  const others = { validation: await streamOf(validation), test: await streamOf(test) };
  const notStreamed = (validation !== undefined && !others.validation) || (test !== undefined && !others.test);
  if (notStreamed) return undefined;
  return streamedTablesSource(
    { format: extname(training).slice(1).toUpperCase(), folder: imagesFolder, streams: { training: first, ...others } },
    context,
    options,
  );
}

async function openLabelledWords(
  format: string,
  splits: {
    readonly training: NamedRecords;
    readonly validation: NamedRecords | undefined;
    readonly test: NamedRecords | undefined;
  },
  context: OpenContext,
  { target, tokenizer, length, vocabulary }: DatasetOptions,
): Promise<UnfittedSource> {
  const labelField = typeof target === 'string' ? target : target?.[0];
  const texts = ({ file, records }: NamedRecords): LabelledFile => ({
    file,
    texts: labelledRecords(file, records, labelField),
  });
  const optional = (split: NamedRecords | undefined): Promise<LabelledFile | undefined> =>
    Promise.resolve().then(() => split && texts(split));
  const [training, validation, test] = await allOrProblems<
    [LabelledFile, LabelledFile | undefined, LabelledFile | undefined]
  >([Promise.resolve().then(() => texts(splits.training)), optional(splits.validation), optional(splits.test)]);
  const several = labelField === undefined ? otherLabelFields(splits.training.records[0]) : undefined;
  const source = tokenLabelSource(
    { format, training, validation, test },
    {
      tokenizer: tokenizer === undefined ? undefined : await readTokenizer(resolve(context.baseDirectory, tokenizer)),
      length,
      vocabulary,
    },
  );
  if (!several) return source;
  const message = `The labels are those of '${several.used}'; dataset.target names another, such as ${listOf(several.others)}.`;
  return withFindings(source, [information('dataset.target', message)]);
}
