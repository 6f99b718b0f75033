import { BadInputError, type Problem } from '../errors.ts';
import type { Dataset, DatasetOptions, OpenContext } from './dataset.ts';
import { resizeOf, type Resize } from './resize.ts';
import type { Split } from './samples/split.ts';
import { BUILTIN_DIGITS, openBuiltinDigits } from './formats/digits/builtinDigits.ts';
import { arrowFiles } from './formats/tables/arrow/arrowFormat.ts';
import { huggingFaceFolders } from './formats/tables/huggingFace/huggingFaceFolder.ts';
import { parquetFiles } from './formats/tables/parquet/parquetFormat.ts';
import { isTableName } from './formats/tables/tableFormats.ts';
import { otherTables } from './formats/tables/otherTables.ts';
import { tablesOfImages } from './formats/tables/images/tablesOfImages.ts';
import { filesOfClasses } from './formats/tables/byClass/filesOfClasses.ts';
import { tables } from './formats/tables/textTableFormat.ts';
import { tfRecordFiles } from './formats/tables/tfRecord/tfRecordFiles.ts';
import { webDatasets } from './formats/tables/webDataset/webDatasets.ts';
import { arrayFiles } from './formats/arrays/arrayFormat.ts';
import { seriesFiles } from './formats/series/seriesFiles.ts';
import { recordingFolders } from './formats/speech/recordingFolders.ts';
import { fastTextFiles } from './formats/texts/fastTextFiles.ts';
import { textFolders } from './formats/texts/textFolders.ts';
import { conllFiles } from './formats/texts/tokenLabelFiles.ts';
import { cifarBinary } from './formats/images/cifarBinary.ts';
import { idxFolder } from './formats/images/idxFolder.ts';
import { imageFolders } from './formats/images/imageFolders.ts';
import { countClasses } from './splits/examineSplits.ts';
import { withUnpacked } from './archives/withUnpacked.ts';
import { refusePointers } from './formats/disguisedFiles.ts';
import { refuseOtherFiles } from './formats/refusedFiles.ts';
import { excludeClasses } from './splits/excludeClasses.ts';
import { findDuplicates, whenToCompare } from './splits/findDuplicates.ts';
import { locate } from './location.ts';
import { normalizationProblems, normalizeSplit } from './normalization.ts';
import { chooseNormalization } from './ownUnits.ts';
import type { ChannelStatistics } from './channelStatistics.ts';
import type { Preparation } from './preparation.ts';
import { throwIfCancelled } from './cancellation.ts';
import { pathProblem, refuseIfAny } from './findings/problems.ts';
import { randomStream } from './random.ts';
import { selectSamples } from './samples/selectSamples.ts';
import type { Format, Location, Source, UnfittedSource } from './source.ts';
import { proportionalSubset } from './splits/divideSamples.ts';
import { divide } from './splits/divideSource.ts';
import { withPlaceholders } from './formats/images/streaming/withPlaceholders.ts';
import { withTask } from './withTask.ts';
import { strataOf } from './targets.ts';
import { innerLocation } from './formats/innerLocation.ts';
import { information } from './findings/finding.ts';
import { withFindings } from './findings/withFindings.ts';
import { missingUnlabelled } from './unlabelled/openUnlabelled.ts';
import { isTableOfAnyName, unknownData } from './unknownData.ts';
import { withUnlabelled } from './unlabelled/withUnlabelled.ts';

/** Formats that are told by files, most particular first. */
const FORMATS: readonly Format[] = [
  idxFolder,
  cifarBinary,
  arrayFiles,
  webDatasets,
  tfRecordFiles,
  huggingFaceFolders,
  parquetFiles,
  arrowFiles,
  seriesFiles,
  otherTables,
  filesOfClasses,
  tablesOfImages,
  fastTextFiles,
  recordingFolders,
  tables,
  conllFiles,
];

/** Formats that are told by the folders within a folder. */
const FOLDER_FORMATS: readonly Format[] = [textFolders, imageFolders];

/**
 * Opens the dataset that an experiment names: recognises its format, reads it, divides it into training, validation
 * and test, and normalises it.
 *
 * Splits that the data does not bring are drawn by the seed, the same share of every class: first the test, then the validation.
 * `limit` then chooses among what is left for training. So the validation and test splits do not depend on the
 * limit, and what a smaller limit chooses is part of what a larger limit, or none, does.
 *
 * @throws BadInputError with everything that is wrong with the dataset's files and options
 * @throws DistilleryError with the code `CANCELLED` when `given.signal` aborts
 */
export async function openDataset(options: DatasetOptions, given: OpenContext): Promise<Dataset> {
  const context = { ...given, encoding: options.encoding };
  throwIfCancelled(context.signal);
  const resize = resizeOf(options);
  let opened: Source | UnfittedSource | undefined;
  let dataset: Dataset;
  try {
    opened = await openSource(options, {
      ...context,
      resize,
      strict: options.strict,
      orientation: options.orientation,
    });
    dataset = await prepare(opened, options, { ...context, resize });
  } catch (error) {
    await opened?.dispose?.();
    if (!(error instanceof BadInputError)) throw error;
    throw new BadInputError([...error.problems, ...(await missingUnlabelled(options, context))]);
  }
  try {
    return await withUnlabelled(dataset, options, context);
  } catch (error) {
    await dataset.dispose();
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
  const fitted = 'fit' in opened ? await opened.fit(division.training) : opened;
  const { statistics, findings: normalized } = chooseNormalization(fitted, options.normalization);
  const source = withTask(normalizeSource(fitted, statistics), options.task);
  problems.unshift(
    ...normalizationProblems(options.normalization, source.sampleShape[0] ?? 1),
    ...resizeProblems(source, resize),
    ...centreProblems(options),
  );
  const training = excludeClasses(
    selectSamples(source.training, division.training),
    source.task,
    options.exclude,
    problems,
  );
  refuseIfAny(problems);
  // Rows, unlike images, are read once before they are samples, so that none turns out to be damaged.
  const isOfImages = source.preparation?.kind !== 'table';
  const finish = (split: Split): Split => (split.stream && isOfImages ? withPlaceholders(split) : split);
  const takeAside = (split: Split | undefined, indices: Int32Array): Split =>
    finish(split ?? selectSamples(source.training, indices));
  const splits = {
    training: finish(limited(training, options.limit, context.seed)),
    validation: takeAside(source.validation, division.validation),
    test: takeAside(options.fold ? undefined : source.test, division.test),
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
    preparation: preparationOf(source.preparation, statistics, resize, options.orientation),
    lateFindings: opened.lateFindings,
    survey: opened.survey,
    brings: { validation: source.validation !== undefined, test: source.test !== undefined },
    findings: [...countClasses(examined), ...(source.findings ?? []), ...normalized, ...duplicates],
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

/** What the source did, with the resizing and the normalisation that the experiment asks for. */
function preparationOf(
  done: Preparation | undefined,
  statistics: ChannelStatistics | undefined,
  resize: Resize | undefined,
  isTurned: boolean | undefined,
): Preparation {
  if (done?.kind === 'table' || done?.kind === 'text') return done;
  const prepared = { ...(done ?? { kind: 'pixels' }), normalization: statistics ?? done?.normalization ?? null };
  if (prepared.kind !== 'pixels') return prepared;
  return { ...prepared, ...(resize && { resize }), ...(isTurned === true && { isTurned }) };
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

/** The middle that is cut out has to lie in the image, and nothing else is cut out. */
function centreProblems({ shorterSide, resize, fit }: DatasetOptions): readonly Problem[] {
  if (shorterSide === undefined) return [];
  const where = 'dataset.shorterSide';
  if (!resize)
    return [{ where, message: 'says nothing without dataset.resize, the size that is cut out of the middle.' }];
  if (fit !== 'cover') return [{ where, message: `goes with 'cover', not with '${fit}', which cuts nothing off.` }];
  const least = Math.max(...resize);
  if (shorterSide >= least) return [];
  return [
    {
      where,
      message: `${shorterSide} is less than the ${least} pixels of dataset.resize.`,
      hint: `Give ${least} or more.`,
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
  // Files of this format are read packed.
  if (idxFolder.recognises(location)) return idxFolder.open(location, context, options);
  const wishes = { isData: isTableName, wanted: options.table, signal: context.signal };
  return withUnpacked(location, wishes, (unpacked) => openLocation(unpacked, context, options));
}

async function openLocation(
  location: Location,
  context: OpenContext,
  options: DatasetOptions,
): Promise<Source | UnfittedSource> {
  await refusePointers(location);
  for (const format of FORMATS) if (await format.recognises(location)) return format.open(location, context, options);
  const inner = await innerLocation(location, FORMATS);
  if (inner) {
    const message = `${location.folder} holds nothing but a folder: the data in ${inner.folder} are used.`;
    return withFindings(await openLocation(inner, context, options), [information('dataset.path', message)]);
  }
  for (const format of FOLDER_FORMATS) {
    if (await format.recognises(location)) return format.open(location, context, options);
  }
  await refuseOtherFiles(location);
  if (await isTableOfAnyName(location)) return tables.open(location, context, options);
  throw await unknownData(
    location,
    [...FORMATS, ...FOLDER_FORMATS].map(({ description }) => description),
  );
}

function limited(training: Split, limit: number | undefined, seed: number): Split {
  if (limit === undefined || limit >= training.count) return training;
  return selectSamples(
    training,
    proportionalSubset(strataOf(training.targets, training.count), limit, randomStream(seed, 'limit')),
  );
}
