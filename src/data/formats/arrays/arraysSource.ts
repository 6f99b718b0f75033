import { BadInputError, type Problem } from '../../../errors.ts';
import { statisticsOfChannels } from '../../channelStatistics.ts';
import type { OwnUnits } from '../../ownUnits.ts';
import { elementCount } from '../../../onnx/tensor.ts';
import { ByteSamples } from '../../samples/byteSamples.ts';
import type { DatasetOptions, OpenContext } from '../../dataset.ts';
import type { Split } from '../../samples/split.ts';
import { FloatSamples } from '../../samples/floatSamples.ts';
import { pathProblem, refuseIfAny } from '../../findings/problems.ts';
import type { Source, UnfittedSource } from '../../source.ts';
import { chooseTargets, type ChosenTargets } from '../tables/targets/chooseTargets.ts';
import { tablesSource } from '../tables/tablesSource.ts';
import { fitTargets, readTargets, scaleTargets } from '../tables/targets/tableTargets.ts';
import { strataOf, type Targets } from '../../targets.ts';
import { columnsOf, featureNames, namedTargets, tableOf, targetColumns, type TargetNames } from './arrayColumns.ts';
import { channelsFirst } from './channelsFirst.ts';
import type { StoredPart } from './namedParts.ts';
import type { NamesBeside } from './namesBeside.ts';
import type { NpyArray } from './npy.ts';
import { unusableValues } from './unusableValues.ts';

/** The samples of a split, and their labels where there are any. */
export interface LabelledArrays {
  readonly samples: NpyArray;
  readonly targets: NpyArray | undefined;
  /** The parts that the samples were joined of; left out where they are one array. */
  readonly parts?: readonly StoredPart[];
}

export interface ArraySplits {
  readonly format: string;
  readonly training: LabelledArrays;
  readonly validation: LabelledArrays | undefined;
  readonly test: LabelledArrays | undefined;
  /** What classes and columns are called; left out where nothing says it. */
  readonly names?: NamesBeside;
}

/**
 * Arrays as samples: rows of numbers are a table; arrays of bytes are images of 0…255; other arrays are taken as they are.
 *
 * @throws BadInputError when samples and labels do not belong together
 */
export async function arraysSource(
  splits: ArraySplits,
  context: OpenContext,
  options: DatasetOptions,
): Promise<UnfittedSource> {
  const { format } = splits;
  const [training, validation, test] = [
    withPlainTargets(splits.training),
    splits.validation && withPlainTargets(splits.validation),
    splits.test && withPlainTargets(splits.test),
  ];
  const named: readonly (readonly [string, LabelledArrays])[] = [
    ['training', training],
    ...(validation ? [['validation', validation] as const] : []),
    ...(test ? [['test', test] as const] : []),
  ];
  refuseIfAny(named.flatMap(([name, arrays]) => shapeProblems(name, arrays, training)));
  const classes = namedTargets(
    splits.names?.classes,
    [training, validation, test].map((split) => split?.targets),
  );
  const target = targetColumns(training.targets, classes).map(({ name }) => name);
  const choices = { ...options, ...(target.length > 0 && { target }) };
  if (!training.parts && training.samples.shape.length <= 2 && training.samples.type !== 'u1') {
    const reader = (name: string, arrays: LabelledArrays) => () =>
      Promise.resolve(
        tableOf(name, arrays.samples.shape[0] ?? 0, [
          ...columnsOf('x', arrays.samples, featureNames(splits.names?.features, arrays.samples, target)),
          ...targetColumns(arrays.targets, classes),
        ]),
      );
    return tablesSource(
      {
        format,
        folder: context.baseDirectory,
        training: reader('the training array', training),
        ...(validation && { validation: reader('the validation array', validation) }),
        ...(test && { test: reader('the test array', test) }),
      },
      context,
      choices,
    );
  }
  refuseIfAny(named.flatMap(([name, { samples }]) => unusableValues(name, samples)));
  return imagesSource({ format, training, validation, test }, choices, classes);
}

/** Labels along one axis, whatever axes of length 1 they are stored with. */
function withPlainTargets(arrays: LabelledArrays): LabelledArrays {
  const { targets } = arrays;
  const [count = 0, ...others] = targets?.shape ?? [];
  if (!targets || others.length < 2 || others.some((length) => length !== 1)) return arrays;
  return { ...arrays, targets: { ...targets, shape: [count] } };
}

function imagesSource(
  { format, training, validation, test }: ArraySplits,
  options: Pick<DatasetOptions, 'target' | 'task' | 'scaling'>,
  classes: TargetNames,
): UnfittedSource {
  const problems: Problem[] = [];
  const count = training.samples.shape[0] ?? 0;
  const chosen =
    training.targets === undefined && (options.task === 'matching' || options.task === 'reconstruction')
      ? { columns: [], task: { kind: options.task }, findings: [] }
      : training.targets &&
        chooseTargets(
          tableOf('the array of labels', count, targetColumns(training.targets, classes)),
          options,
          problems,
        );
  if (!chosen) {
    if (problems.length === 0) {
      problems.push(
        pathProblem(
          'The samples have no labels.',
          "Add an array of labels, or set dataset.task to 'matching' or 'reconstruction'.",
        ),
      );
    }
    throw new BadInputError(problems);
  }
  const targetsOf = (name: string, arrays: LabelledArrays | undefined): Targets | undefined =>
    arrays &&
    readTargets(tableOf(name, arrays.samples.shape[0] ?? 0, targetColumns(arrays.targets, classes)), chosen, problems);
  const targets = {
    training: targetsOf('the training labels', training) ?? { kind: 'none' as const },
    validation: targetsOf('the validation labels', validation),
    test: targetsOf('the test labels', test),
  };
  refuseIfAny(problems);
  return {
    format,
    count,
    strata: strataOf(targets.training, count),
    brings: { validation: validation !== undefined, test: test !== undefined },
    fit: (rows) =>
      fitImages({ format, training, validation, test }, chosen, targets, {
        rows,
        scaled: options.scaling === 'standard',
      }),
  };
}

function fitImages(
  { format, training, validation, test }: ArraySplits,
  chosen: ChosenTargets,
  targets: { readonly training: Targets; readonly validation: Targets | undefined; readonly test: Targets | undefined },
  { rows, scaled }: { readonly rows: Int32Array; readonly scaled: boolean },
): Source {
  const scales = fitTargets(chosen, targets.training, rows, scaled);
  const splitOf = (arrays: LabelledArrays, own: Targets): Split => {
    const { values, shape } = channelsFirst(arrays.samples);
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    const count = arrays.samples.shape[0] ?? 0;
    const scaledTargets = scaleTargets(own, scales);
    return values instanceof Uint8Array
      ? new ByteSamples(values, scaledTargets, size)
      : new FloatSamples(values instanceof Float32Array ? values : Float32Array.from(values), scaledTargets, count);
  };
  return {
    format,
    task: chosen.task,
    samples: {
      kind: 'values',
      ...(training.parts && { parts: training.parts.map(({ name, shape }) => ({ name, shape })) }),
    },
    sampleShape: channelsFirst(training.samples).shape,
    training: splitOf(training, targets.training),
    ...(validation && targets.validation && { validation: splitOf(validation, targets.validation) }),
    ...(test && targets.test && { test: splitOf(test, targets.test) }),
    ownUnits: ownUnits(training),
    preparation: {
      ...(training.samples.type === 'u1'
        ? { kind: 'pixels' }
        : { kind: 'arrays', ...(training.parts && { parts: training.parts }) }),
      normalization: null,
      ...(scales.length > 0 && { targets: scales }),
    },
    findings: chosen.findings,
  };
}

/** None of bytes, and of several arrays, which differ. */
function ownUnits({ samples, parts }: LabelledArrays): OwnUnits | undefined {
  if (samples.type === 'u1' || parts) return undefined;
  return {
    scaled: 'where-far',
    statistics: () => {
      const { values, shape } = channelsFirst(samples);
      const [channels = 1, ...sizes] = shape;
      return statisticsOfChannels(values, channels, elementCount(sizes));
    },
  };
}

function shapeProblems(
  name: string,
  { samples, targets, parts }: LabelledArrays,
  training: LabelledArrays,
): readonly Problem[] {
  const problems: Problem[] = [];
  const [count = 0, ...sampleShape] = samples.shape;
  const [, ...wanted] = training.samples.shape;
  const named = (parts: LabelledArrays['parts']): string =>
    (parts ?? []).map((part) => `${part.name} [${part.shape.join(', ')}]`).join(', ');
  if (named(parts) !== named(training.parts)) {
    problems.push(
      pathProblem(`The ${name} samples are made of ${named(parts)}, those to train with of ${named(training.parts)}.`),
    );
  } else if (sampleShape.join() !== wanted.join()) {
    problems.push(
      pathProblem(
        `The ${name} samples have shape (${sampleShape.join(', ')}), those to train with (${wanted.join(', ')}).`,
      ),
    );
  }
  if (samples.words)
    problems.push(
      pathProblem(`The ${name} samples are texts.`, 'Texts with labels are read from tables (.csv, .parquet).'),
    );
  if (samples.shape.length === 0) problems.push(pathProblem(`The ${name} samples are a single number.`));
  if (targets && targets.shape[0] !== count) {
    problems.push(
      pathProblem(
        `There are ${count} ${name} samples, but ${targets.shape[0] ?? 1} labels.`,
        'Every sample needs its label.',
      ),
    );
  }
  if (targets && targets.shape.length > 2) {
    problems.push(
      pathProblem(`The ${name} labels have ${targets.shape.length} dimensions.`, 'Labels have one or two.'),
    );
  }
  if (!targets && training.targets)
    problems.push(pathProblem(`There are no ${name} labels.`, 'Every split needs labels.'));
  return problems;
}
