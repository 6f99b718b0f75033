import type { Dataset } from '../../data/dataset.ts';
import type { Problem } from '../../errors.ts';
import type { Adaptation } from '../../teacher/matching/adaptNetwork.ts';
import { decisionsOf } from '../../teacher/matching/assignClasses.ts';
import { changeOutputs, fitOutputs, widthAfter, type OutputFit } from '../../teacher/matching/fitOutputs.ts';
import { rankNormalizations, type Verdict } from '../../teacher/matching/rankNormalizations.ts';
import { formatPercent } from '../../report/format.ts';
import { outputKind } from '../../teacher/outputKind.ts';
import { describeOrder, warningsOf } from './matchWording.ts';

/** Another way of preparing a teacher's samples. */
export interface OtherWay {
  readonly name: string;
  readonly affine: NonNullable<Adaptation['affine']>;
}

/** What a teacher's outputs for the samples that it is tried on tell. */
export interface MatchedOutputs {
  readonly adaptation: Pick<Adaptation, 'affine' | 'outputs' | 'classes'>;
  readonly notes: readonly string[];
  readonly warnings: readonly Problem[];
}

export interface ClassesOptions {
  readonly where: string;
  /** Name of the teacher's output. */
  readonly output: string;
  /** Outputs for every sample. */
  readonly width: number;
  /** For each class of the dataset the output that has its name, where outputs have names. */
  readonly known: readonly number[] | undefined;
  /** Whether these names are what a person said of the teacher. */
  readonly isSaid: boolean;
  readonly labels: Int32Array;
  /** What is tried where the teacher does not decide well. */
  readonly others: readonly OtherWay[];
  /** Whether such a teacher mostly wants the last of these. */
  readonly isOtherLikelier: boolean;
  /** What the teacher says after changes of the samples' values. */
  readonly ask: (changes: readonly Adaptation['affine'][]) => Promise<Float32Array[]>;
  /** Training samples that decide how samples are prepared where those of the validation split are too few to; none where they are enough. */
  readonly training?:
    | {
        readonly labels: Int32Array;
        readonly ask: (changes: readonly Adaptation['affine'][]) => Promise<Float32Array[]>;
      }
    | undefined;
}

/** From this accuracy on no other normalisation of images is tried. Rows in other units may be decided well by chance, and are asked about at once. */
const GOOD = { images: 0.9, rows: 1 };

/**
 * Finds out what a classifier's outputs are, which of them stands for which class, and how its samples are to be normalised where it
 * does not decide well otherwise.
 *
 * @param outputs of the samples as they are, [samples, width]
 */
export async function matchClasses(
  { task, preparation }: Dataset,
  outputs: Float32Array,
  options: ClassesOptions,
): Promise<MatchedOutputs> {
  const { where, output, labels, others, isOtherLikelier, known, isSaid, ask, training } = options;
  const isTable = preparation.kind === 'table';
  const classes = task.kind === 'classification' ? task.classes : [];
  const fit = fitOutputs(task, outputs, options.width);
  const width = widthAfter(fit, options.width);
  const changed = (values: Float32Array): Float32Array => changeOutputs(values, options.width, fit);
  // Of two classes a file may name the wrong one first, as exporters of support vector machines do; more are not mixed up by a sign.
  const mayAssign = known === undefined || (!isSaid && width === 2 && classes.length === 2);
  const standing = known ?? classes.map((_, index) => index);
  const judge = (said: readonly Float32Array[], tried: readonly string[], truth = labels): Verdict =>
    rankNormalizations(
      said.map((values, index) => ({ name: tried[index] ?? '', decisions: decisionsOf(changed(values), width) })),
      truth,
      { classes: standing, width, mayAssign: mayAssign && truth === labels, isOtherLikelier },
    );
  let verdict = judge([outputs], ['as they are']);
  let usable: readonly OtherWay[] = [];
  let inTraining: Verdict | undefined;
  if ((isOtherLikelier || verdict.accuracy < GOOD[isTable ? 'rows' : 'images']) && others.length > 0) {
    const more = await ask(others.map(({ affine }) => affine));
    // What a teacher answers with NaN is not how it wants its samples, however well it decides the others.
    usable = others.filter((_, index) => more[index]?.every((value) => !Number.isNaN(value)));
    const said = usable.flatMap((way) => more[others.indexOf(way)] ?? []);
    const names = ['as they are', ...usable.map(({ name }) => name)];
    verdict = judge([outputs, ...said], names);
    if (training && verdict.index === 0 && usable.length > 0) {
      const ofTraining = await training.ask([undefined, ...usable.map(({ affine }) => affine)]);
      const decided = judge(ofTraining, names, training.labels);
      const better = said[decided.index - 1];
      if (better) {
        inTraining = decided;
        verdict = judge([better], names.slice(decided.index));
      }
    }
  }
  const chosen = usable[(inTraining ?? verdict).index - 1];
  const isReordered = verdict.classes.length !== width || verdict.classes.some((place, index) => place !== index);
  const notes = [
    `The teacher decides ${formatPercent(verdict.accuracy, 1)} of ${labels.length} validation samples rightly; its output ` +
      `'${output}' gives ${describeOutputs(fit, outputs, options.width)}.`,
  ];
  if (isReordered && !verdict.isAssigned) {
    notes.push(
      `The teacher's classes are put in the dataset's order by name: ${describeOrder(verdict.classes, classes)}.`,
    );
  }
  return {
    adaptation: {
      affine: chosen?.affine,
      outputs: fit,
      classes: isReordered ? verdict.classes : undefined,
    },
    notes,
    warnings: warningsOf(verdict, {
      where,
      chosen: chosen?.name,
      count: labels.length,
      classes,
      isTable,
      ...(inTraining && training && { decided: { ...inTraining, count: training.labels.length } }),
    }),
  };
}

function describeOutputs(fit: OutputFit | undefined, outputs: Float32Array, width: number): string {
  switch (fit?.kind) {
    case 'log-odds':
      return 'values of 0…1 that do not sum to 1 (sigmoids), so their log-odds are used as logits';
    case 'second-class':
      return fit.from === 'probability'
        ? 'one value of 0…1 for two classes, taken for the probability of the second'
        : 'one number for two classes, taken for the logit of the second';
    case 'affine':
    case undefined:
      return outputKind({ kind: 'classification', classes: Array<string>(width).fill('') }, outputs);
  }
}
