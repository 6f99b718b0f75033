import { BadInputError, type Problem } from '../errors.ts';
import type { Dataset, DatasetOptions, OpenContext, Resize, Split } from './dataset.ts';
import { BUILTIN_DIGITS, openBuiltinDigits } from './digits/builtinDigits.ts';
import { idxFolder } from './formats/idxFolder.ts';
import { imageFolders } from './formats/imageFolders.ts';
import { locate } from './location.ts';
import { channelStatistics, normalizationProblems, normalizeSplit } from './normalization.ts';
import { throwIfCancelled } from './cancellation.ts';
import { pathProblem, refuseIfAny } from './problems.ts';
import { randomStream } from './random.ts';
import { selectSamples } from './selectSamples.ts';
import type { Format, Source } from './source.ts';
import { balancedSubset, stratifiedSplit } from './split.ts';
import { strataOf } from './targets.ts';

/** Every format, most particular first. */
const FORMATS: readonly Format[] = [idxFolder, imageFolders];

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
  const source = await openSource(options.path, { ...context, resize });
  throwIfCancelled(context.signal);
  const problems: Problem[] = [
    ...normalizationProblems(options.normalization, source.sampleShape[0] ?? 1),
    ...resizeProblems(source, resize),
  ];
  const { training, validation, test } = divide(source, options, context.seed, problems);
  refuseIfAny(problems);
  const statistics = channelStatistics(options.normalization);
  return {
    format: source.format,
    task: source.task,
    samples: source.samples,
    sampleShape: source.sampleShape,
    training: normalizeSplit(limited(training, options.limit, context.seed), statistics),
    validation: normalizeSplit(validation, statistics),
    test: normalizeSplit(test, statistics),
    // Everything is in memory, and goes with the object.
    dispose: () => Promise.resolve(),
  };
}

function resizeOf({ resize, fit }: DatasetOptions): Resize | undefined {
  const [height, width] = resize ?? [];
  return height === undefined || width === undefined ? undefined : { height, width, fit };
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

async function openSource(path: string, context: OpenContext): Promise<Source> {
  if (path === BUILTIN_DIGITS) return openBuiltinDigits();
  if (path.startsWith('builtin:')) {
    throw new BadInputError([
      pathProblem(`There is no built-in dataset '${path}'.`, `The built-in dataset is called '${BUILTIN_DIGITS}'.`),
    ]);
  }
  const location = await locate(path, context.baseDirectory);
  const format = FORMATS.find((candidate) => candidate.recognises(location));
  if (format) return format.open(location, context);
  const { folder, file, files, folders } = location;
  const what =
    file !== undefined
      ? `The file ${file} in ${folder} is no dataset that is known.`
      : `${folder} is ${files.length + folders.length === 0 ? 'empty' : 'no dataset that is known'}.`;
  const known = FORMATS.map(({ description }) => description).join('; ');
  throw new BadInputError([pathProblem(what, `Looked for ${known}.`)]);
}

/** Adds to `problems` what is wrong with the shares asked for. */
function divide(
  source: Source,
  options: DatasetOptions,
  seed: number,
  problems: Problem[],
): Pick<Dataset, 'training' | 'validation' | 'test'> {
  let training = source.training;
  const setAside = (field: 'test' | 'validation'): Split => {
    const fraction = options[field];
    const { taken, kept } = stratifiedSplit(
      strataOf(training.targets, training.count),
      fraction,
      randomStream(seed, `${field} split`),
    );
    if (taken.length === 0 || kept.length === 0) {
      const lacking = taken.length === 0 ? field : 'training';
      problems.push({
        where: `dataset.${field}`,
        message: `Setting ${fraction} of ${training.count} samples aside leaves no ${lacking} samples.`,
        hint: `Choose a ${lacking === field ? 'larger' : 'smaller'} share, or give more samples.`,
      });
    }
    const split = selectSamples(training, taken);
    training = selectSamples(training, kept);
    return split;
  };
  const test = source.test ?? setAside('test');
  const validation = source.validation ?? setAside('validation');
  return { training, validation, test };
}

function limited(training: Split, limit: number | undefined, seed: number): Split {
  if (limit === undefined || limit >= training.count) return training;
  return selectSamples(
    training,
    balancedSubset(strataOf(training.targets, training.count), limit, randomStream(seed, 'limit')),
  );
}
