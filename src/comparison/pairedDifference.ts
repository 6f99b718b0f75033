import { randomStream } from '../data/random.ts';
import { differenceInterval } from '../evaluation/comparison/differenceInterval.ts';
import type { Interval } from '../report/quality.ts';
import type { StoredScores } from '../runFolder/testScores.ts';
import type { ComparedRun } from './comparedRun.ts';
import { shareDifference, shareInterval } from './shareInterval.ts';

/** How a run's student does against that of the first run: it minus the first one. */
export interface Difference {
  /** Accuracy, or mean squared error where there is none. */
  readonly quality: Interval;
  /** Sample by sample on the same test split, or as two samples that have nothing to do with each other, which is less sure. */
  readonly kind: 'paired' | 'unpaired';
  /** Recall of every class, in class order; empty where it is not paired; null for a class without samples. */
  readonly classes: readonly (Interval | null)[];
}

/** The same resamples every time. */
const SEED = 20_261_129;

/**
 * The difference of two runs with its 95 % interval: paired where both have their results on the same test samples, else
 * from their accuracies alone.
 * @returns null where nothing can be said: other tasks, or errors without results for each sample
 */
export function differenceBetween(one: ComparedRun, other: ComparedRun): Difference | null {
  if (one.report.dataset.task !== other.report.dataset.task) return null;
  const paired = pairedDifference(one, other);
  if (paired) return paired;
  const [share, reference] = [accuracyInterval(one), accuracyInterval(other)];
  return share && reference ? { quality: shareDifference(share, reference), kind: 'unpaired', classes: [] } : null;
}

/** The accuracy of a run's student with its 95 % interval; null where there is no accuracy. */
export function accuracyInterval({ report, scores }: ComparedRun): Interval | null {
  const { accuracy, samples } = report.student.test;
  if (accuracy === null) return null;
  // Several decisions of one sample go together, so the samples are what counts.
  const count = scores ? scores.student.counts.filter((decisions) => decisions > 0).length : samples;
  return shareInterval(accuracy * count, count);
}

function pairedDifference(one: ComparedRun, other: ComparedRun): Difference | undefined {
  const [scores, reference] = [one.scores, other.scores];
  if (!scores || !reference || scores.test !== reference.test || scores.measure !== reference.measure) return undefined;
  if (scores.student.sums.length !== reference.student.sums.length) return undefined;
  // What is right is what the teacher says: with another teacher it is another question.
  if (one.report.dataset.task === 'matching' && teachersOf(one) !== teachersOf(other)) return undefined;
  const quality = intervalOf(scores.student, reference.student);
  if (!quality) return undefined;
  const { labels } = scores;
  const classes = labels
    ? one.report.dataset.classes.map((_, index) => {
        const isOfClass = (__: number, sample: number): boolean => labels[sample] === index;
        return intervalOf(only(scores.student, isOfClass), only(reference.student, isOfClass));
      })
    : [];
  return { quality, kind: 'paired', classes };
}

function intervalOf(one: StoredScores, other: StoredScores): Interval | null {
  return differenceInterval(one, other, randomStream(SEED, 'differences of runs'));
}

function only({ sums, counts }: StoredScores, isWanted: (value: number, sample: number) => boolean): StoredScores {
  return { sums: sums.filter(isWanted), counts: counts.filter(isWanted) };
}

function teachersOf({ report }: ComparedRun): string {
  return JSON.stringify(report.provenance?.teachers.map(({ sha256 }) => sha256));
}
