import { BadInputError, type Problem } from '../errors.ts';
import type { Dataset, DatasetOptions, OpenContext, Resize, Split } from './dataset.ts';
import { BUILTIN_DIGITS, openBuiltinDigits } from './digits/builtinDigits.ts';
import { arrowFiles } from './tables/arrow/arrowFormat.ts';
import { parquetFiles } from './tables/parquetFormat.ts';
import { tables } from './tables/tableFormat.ts';
import { arrayFiles } from './arrays/arrayFormat.ts';
import { textFolders } from './text/textFolders.ts';
import { conllFiles } from './text/tokenLabelFiles.ts';
import { cifarBinary } from './formats/cifarBinary.ts';
import { idxFolder } from './formats/idxFolder.ts';
import { imageFolders } from './formats/imageFolders.ts';
import { countClasses } from './examineSplits.ts';
import { excludeClasses } from './excludeClasses.ts';
import { findDuplicates, whenToCompare } from './findDuplicates.ts';
import { locate } from './location.ts';
import { channelStatistics, normalizationProblems, normalizeSplit, type ChannelStatistics } from './normalization.ts';
import type { Preparation } from './preparation.ts';
import { throwIfCancelled } from './cancellation.ts';
import { pathProblem, refuseIfAny } from './problems.ts';
import { randomStream } from './random.ts';
import { selectSamples } from './selectSamples.ts';
import type { Format, Source, UnfittedSource } from './source.ts';
import { balancedSubset } from './split.ts';
import { divide } from './divide.ts';
import { withStandIns } from './streaming/withStandIns.ts';
import { withTask } from './withTask.ts';
import { strataOf } from './targets.ts';

/** Every format, most particular first. */
const FORMATS: readonly Format[] = [
  idxFolder,
  cifarBinary,
  arrayFiles,
  parquetFiles,
  arrowFiles,
  tables,
  conllFiles,
  textFolders,
  imageFolders,
];

/**
 * Opens the dataset that an experiment names: recognises its format, reads it, divides it into training, validation
 * and test, and normalises it.
 *
 * Splits that the data does not bring are drawn by the seed, the same share of every class: first the test, then the validation.
 * `limit` then chooses among what is left for training. So the validation and test splits do not depend on the
 * limit, and what a smaller limit chooses is part of what a larger limit, or none, does.
 *
 * @throws BadInputError with everything that is wrong with the dataset's files and options
 * @throws DistilleryError with the code `CANCELLED` when `context.signal` aborts
 */
export async function openDataset(options: DatasetOptions, context: OpenContext): Promise<Dataset> {
  throwIfCancelled(context.signal);
  const resize = resizeOf(options);
  const opened = await openSource(options, { ...context, resize, strict: options.strict });
  try {
    return await prepare(opened, options, { ...context, resize });
  } catch (error) {
    await opened.dispose?.();
    throw error;
  }
}

/** Divides and normalises what a format opened. What it opened is the dataset's to dispose of. */
async function prepare(
  opened: Source | UnfittedSource,
  options: DatasetOptions,
  context: OpenContext,
): Promise<Dataset> {
  const { resize } = context;
  throwIfCancelled(context.signal);
  const problems: Problem[] = [];
  const division = divide(opened, options, context.seed, problems);
  if ('fit' in opened) refuseIfAny(problems);
  const statistics = channelStatistics(options.normalization);
  const fitted = 'fit' in opened ? opened.fit(division.training) : opened;
  const source = withTask(normalizeSource(fitted, statistics), options.task);
  problems.unshift(
    ...normalizationProblems(options.normalization, source.sampleShape[0] ?? 1),
    ...resizeProblems(source, resize),
  );
  const training = excludeClasses(
    selectSamples(source.training, division.training),
    source.task,
    options.exclude,
    problems,
  );
  refuseIfAny(problems);
  const finish = (split: Split): Split => (split.stream ? withStandIns(split) : split);
  const takeAside = (split: Split | undefined, indices: Int32Array): Split =>
    finish(split ?? selectSamples(source.training, indices));
  const splits = {
    training: finish(limited(training, options.limit, context.seed)),
    validation: takeAside(source.validation, division.validation),
    test: takeAside(source.test, division.test),
  };
  const { format, task, samples, sampleShape } = source;
  const examined = { task, sampleShape, ...splits };
  const compared = whenToCompare(examined);
  const duplicates = compared === 'at-once' ? await findDuplicates(examined) : [];
  return {
    format,
    task,
    samples,
    sampleShape,
    ...splits,
    preparation: preparationOf(source.preparation, statistics, resize),
    lateFindings: opened.lateFindings,
    findings: [...countClasses(examined), ...(source.findings ?? []), ...duplicates],
    ...(compared === 'later' && { examineLater: (signal) => findDuplicates(examined, signal) }),
    // What is in memory goes with the object.
    dispose: () => opened.dispose?.() ?? Promise.resolve(),
  };
}

function normalizeSource(source: Source, statistics: ChannelStatistics | undefined): Source {
  const { training, validation, test } = source;
  return {
    ...source,
    training: normalizeSplit(training, statistics),
    ...(validation && { validation: normalizeSplit(validation, statistics) }),
    ...(test && { test: normalizeSplit(test, statistics) }),
  };
}

function resizeOf({ resize, fit }: DatasetOptions): Resize | undefined {
  const [height, width] = resize ?? [];
  return height === undefined || width === undefined ? undefined : { height, width, fit };
}

/** What the source did, with the resizing and the normalisation that the experiment asks for. */
function preparationOf(
  done: Preparation | undefined,
  statistics: ChannelStatistics | undefined,
  resize: Resize | undefined,
): Preparation {
  if (done?.kind === 'table' || done?.kind === 'text') return done;
  const prepared = { ...(done ?? { kind: 'pixels' }), normalization: statistics ?? null };
  return prepared.kind === 'pixels' && resize ? { ...prepared, resize } : prepared;
}

/** A format that cannot resize must not leave the samples silently as they were. */
function resizeProblems({ format, sampleShape }: Source, resize: Resize | undefined): readonly Problem[] {
  const [, height, width] = sampleShape;
  if (!resize || (height === resize.height && width === resize.width)) return [];
  return [
    {
      where: 'dataset.resize',
      message: `The samples of this dataset (${format}) have shape [${sampleShape.join(', ')}] and cannot be resized.`,
      hint: 'Only image folders can; leave the field out.',
    },
  ];
}

async function openSource(options: DatasetOptions, context: OpenContext): Promise<Source | UnfittedSource> {
  const { path } = options;
  if (path === BUILTIN_DIGITS) return openBuiltinDigits();
  if (path.startsWith('builtin:')) {
    throw new BadInputError([
      pathProblem(`There is no built-in dataset '${path}'.`, `The built-in dataset is called '${BUILTIN_DIGITS}'.`),
    ]);
  }
  const location = await locate(path, context.baseDirectory);
  for (const format of FORMATS) if (await format.recognises(location)) return format.open(location, context, options);
  const { folder, file, files, folders } = location;
  const what =
    file !== undefined
      ? `The file ${file} in ${folder} is no dataset that is known.`
      : `${folder} is ${files.length + folders.length === 0 ? 'empty' : 'no dataset that is known'}.`;
  const known = FORMATS.map(({ description }) => description).join('; ');
  throw new BadInputError([pathProblem(what, `Looked for ${known}.`)]);
}

function limited(training: Split, limit: number | undefined, seed: number): Split {
  if (limit === undefined || limit >= training.count) return training;
  return selectSamples(
    training,
    balancedSubset(strataOf(training.targets, training.count), limit, randomStream(seed, 'limit')),
  );
}
