import type { Dataset } from '../../data/dataset.ts';
import type { Problem } from '../../errors.ts';
import { deviationMetrics } from '../../evaluation/deviation.ts';
import type { Adaptation } from '../../teacher/matching/adaptNetwork.ts';
import { changeOutputs, type OutputFit } from '../../teacher/matching/fitOutputs.ts';
import { outputsFromOwnUnits } from '../../teacher/matching/ownUnits.ts';
import type { ProbeSamples } from '../../teacher/matching/probe.ts';
import type { MatchedOutputs, OtherWay } from './matchClasses.ts';
import { formatDetermination } from './measureTeacher.ts';

export interface NumbersOptions {
  readonly where: string;
  /** Name of the teacher's output. */
  readonly output: string;
  readonly picked: ProbeSamples;
  /** What is tried where the teacher does not predict well. */
  readonly others: readonly OtherWay[];
  /** Whether such a teacher mostly wants the last of these, so that it need be no more than better. */
  readonly isOtherLikelier: boolean;
  /** What the teacher says after changes of the samples' values. */
  readonly ask: (changes: readonly Adaptation['affine'][]) => Promise<Float32Array[]>;
}

/** Above this R² nothing else is tried. */
const GOOD = 0.9;
/** The R² that another way has to add, at least. */
const CLEARLY = 0.1;

interface Try {
  readonly way: OtherWay | undefined;
  readonly outputs: OutputFit | undefined;
  readonly determination: number;
}

/**
 * Finds out whether a teacher that predicts numbers takes samples, and gives numbers, as the dataset scales them or in the units of the
 * data: both scales are known, and R² on validation samples tells.
 *
 * @param outputs of the samples as they are
 */
export async function matchNumbers(
  dataset: Dataset,
  outputs: Float32Array,
  { where, output, picked, others, isOtherLikelier, ask }: NumbersOptions,
): Promise<MatchedOutputs> {
  const { targets, count } = picked;
  if (targets.kind !== 'values') return { adaptation: {}, notes: [], warnings: [] };
  const scaled = outputsFromOwnUnits(dataset);
  const tried = (way: OtherWay | undefined, said: Float32Array): Try[] =>
    [undefined, ...(scaled ? [scaled] : [])].map((fit) => {
      const changed = changeOutputs(said, targets.width, fit);
      const { deviation } = deviationMetrics(changed, targets.values, targets.width);
      return { way, outputs: fit, determination: deviation?.determination ?? NaN };
    });
  const tries = tried(undefined, outputs);
  const before = tries[0]?.determination ?? NaN;
  const [good, clearly] = isOtherLikelier ? [1, 0] : [GOOD, CLEARLY];
  if (!(before >= good) && others.length > 0) {
    const more = await ask(others.map(({ affine }) => affine));
    others.forEach((way, index) => tries.push(...tried(way, more[index] ?? new Float32Array(0))));
  }
  const best = tries.reduce((most, one) => (one.determination > most.determination ? one : most), {
    way: undefined,
    outputs: undefined,
    determination: -Infinity,
  });
  const isChanged = !(before >= good) && best.determination > 0 && !(best.determination - before <= clearly);
  const determination = isChanged ? best.determination : before;
  const written = formatDetermination(determination);
  return {
    adaptation: isChanged ? { affine: best.way?.affine, outputs: best.outputs } : {},
    notes: [`The teacher's R² on ${count} validation samples is ${written} (output '${output}').`],
    warnings: [
      ...(isChanged ? [changedWarning(best, { where, before, count })] : []),
      ...(determination > 0 ? [] : [worseThanMean(determination, { where, count })]),
    ],
  };
}

function changedWarning(
  { way, outputs, determination }: Try,
  { where, before, count }: { readonly where: string; readonly before: number; readonly count: number },
): Problem {
  const ways = [
    ...(way ? [`it gets ${way.name}`] : []),
    ...(outputs ? ["the numbers that it gives are taken to be in the targets' own units"] : []),
  ];
  return {
    where,
    message:
      `With inputs and targets as the dataset scales them the teacher's R² on ${count} validation samples is ${formatDetermination(before)}; ` +
      `it is ${formatDetermination(determination)} when ${ways.join(' and ')}, and so it is used.`,
    hint: "The student still learns scaled numbers; with dataset.scaling 'none' it gets the same as the teacher.",
  };
}

function worseThanMean(
  determination: number,
  { where, count }: { readonly where: string; readonly count: number },
): Problem {
  return {
    where,
    message: `The teacher's R² on ${count} validation samples is ${formatDetermination(determination)}: their mean would be a better prediction.`,
    hint: 'Check that it was trained for these columns and targets in this order, and on numbers scaled as dataset.scaling says.',
  };
}
