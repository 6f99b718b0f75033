import type { Random } from '../../data/random.ts';
import type { Targets } from '../../data/targets.ts';
import type { Task } from '../../data/task.ts';
import type { Comparison } from '../../report/quality.ts';
import { labelledRows } from '../measureOutputs.ts';
import { mean } from '../quality/mean.ts';
import { classProbabilities, labelProbabilities } from '../quality/probabilities.ts';
import { differenceInterval } from './differenceInterval.ts';
import { classDisagreements, valueDisagreements, type FoundDisagreement, type Scale } from './disagreements.ts';
import { decisionDivergences, rowDivergences } from './divergence.ts';
import { scoreSamples, type Said, type SampleScores } from './scoreSamples.ts';

/** What two networks said of the test split. */
export interface Compared {
  readonly teacher: Said;
  readonly student: Said;
  readonly targets: Targets;
  /** Of the numbers that are predicted, in their order. */
  readonly scales: readonly Scale[];
  /** Draws the resamples of the confidence intervals. */
  readonly random: Random;
}

/** Compares the student with the teacher sample by sample, without showing the samples. */
export function compare(
  task: Task,
  compared: Compared,
): Omit<Comparison, 'disagreements'> & { readonly disagreements: readonly FoundDisagreement[] } {
  const { teacher, student, targets, random } = compared;
  const scores = (said: Said): SampleScores => scoreSamples(task, said, targets, teacher.outputs);
  const [ofStudent, ofTeacher] = [scores(student), scores(teacher)];
  const difference = differenceInterval(ofStudent, ofTeacher, random) ?? { value: NaN, low: NaN, high: NaN };
  return {
    difference,
    classes: classDifferences(task, ofStudent, ofTeacher, targets, random),
    ...inDetail(task, compared),
  };
}

/** Differences of the recall of every class. */
function classDifferences(
  task: Task,
  student: SampleScores,
  teacher: SampleScores,
  targets: Targets,
  random: Random,
): Comparison['classes'] {
  if (task.kind !== 'classification' || targets.kind !== 'classes') return [];
  const samples: number[][] = task.classes.map(() => []);
  targets.labels.forEach((label, sample) => samples[label]?.push(sample));
  return samples.map((own) => {
    const ofClass = ({ sums, counts }: SampleScores): SampleScores => ({
      sums: Float64Array.from(own, (sample) => sums[sample] ?? NaN),
      counts: Float64Array.from(own, (sample) => counts[sample] ?? NaN),
    });
    return differenceInterval(ofClass(student), ofClass(teacher), random);
  });
}

function inDetail(
  task: Task,
  { teacher, student, targets, scales }: Compared,
): { readonly divergence: number | null; readonly disagreements: readonly FoundDisagreement[] } {
  switch (task.kind) {
    case 'classification': {
      if (targets.kind !== 'classes') return nothing;
      const classes = task.classes.length;
      const [p, q] = [teacher, student].map(({ outputs, kind }) => classProbabilities(outputs, classes, kind));
      if (!p || !q) return nothing;
      const divergences = rowDivergences(p, q, classes);
      const { labels } = targets;
      return {
        divergence: mean([...divergences]),
        disagreements: classDisagreements({ teacher: p, student: q, labels }, classes, divergences),
      };
    }
    case 'token-classification': {
      if (targets.kind !== 'tokens') return nothing;
      const classes = task.classes.length;
      const [p, q] = [teacher, student].map(({ outputs, kind }) =>
        classProbabilities(labelledRows(outputs, targets.labels, classes).outputs, classes, kind),
      );
      return { divergence: p && q ? mean([...rowDivergences(p, q, classes)]) : null, disagreements: [] };
    }
    case 'multi-label': {
      const [p, q] = [teacher, student].map(({ outputs, kind }) => labelProbabilities(outputs, kind));
      return { divergence: p && q ? mean([...decisionDivergences(p, q)]) : null, disagreements: [] };
    }
    case 'regression':
      if (targets.kind !== 'values') return nothing;
      return {
        divergence: null,
        disagreements: valueDisagreements(
          { teacher: teacher.outputs, student: student.outputs, truth: targets.values },
          scales,
        ),
      };
    case 'reconstruction':
    case 'matching':
      return nothing;
  }
}

const nothing = { divergence: null, disagreements: [] } as const;
