import { meanInterval } from '../../src/evaluation/meanInterval.ts';
import type { Interval } from '../../src/report/quality.ts';
import type { GainRun } from './measureGain.ts';
import type { GainTask } from './tasks.ts';

/** What the runs of a task came to, in points. */
export interface TaskGain {
  readonly task: Pick<GainTask, 'name' | 'hasUnlabelled'>;
  readonly runs: readonly GainRun[];
  readonly baseline: number;
  readonly teacher: number;
  /** Mean of student minus baseline. */
  readonly gain: number;
  /** Null where there is one seed. */
  readonly interval: Interval | null;
  /** Mean of teacher minus baseline. */
  readonly gap: number;
  readonly isSurelyWorse: boolean;
  /** Gains with single objectives, by their names. */
  readonly fixed: ReadonlyMap<string, number>;
}

/** @param runs one per seed, at least one */
export function summarizeTask(task: TaskGain['task'], runs: readonly GainRun[]): TaskGain {
  const mean = (of: (run: GainRun) => number): number => runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
  const interval = meanInterval(runs.map(({ student, baseline }) => student - baseline));
  return {
    task,
    runs,
    baseline: mean(({ baseline }) => baseline),
    teacher: mean(({ teacher }) => teacher),
    gain: mean(({ student, baseline }) => student - baseline),
    interval,
    gap: mean(({ teacher, baseline }) => teacher - baseline),
    isSurelyWorse: interval !== null && interval.high < 0,
    fixed: new Map(
      Object.keys(runs[0]?.fixed ?? {}).map((name) => [
        name,
        mean(({ fixed, baseline }) => (fixed[name] ?? NaN) - baseline),
      ]),
    ),
  };
}

/**
 * The share of the gap between baseline and teacher that is closed over all tasks; undefined where there is no gap. Where the teacher is
 * no better there is no gap to close, and what is lost there counts all the same.
 */
export function pooledShare(tasks: readonly TaskGain[]): number | undefined {
  const gap = tasks.reduce((sum, task) => sum + Math.max(0, task.gap), 0);
  return gap > 0 ? tasks.reduce((sum, { gain }) => sum + gain, 0) / gap : undefined;
}

/**
 * The share with its 95 % interval over the seeds that all tasks have, each with its share of all tasks; null for fewer than two, or where a seed has no
 * gap at all.
 */
export function pooledInterval(tasks: readonly TaskGain[]): Interval | null {
  const seeds = Math.min(...tasks.map(({ runs }) => runs.length));
  const shares: number[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const ofSeed = tasks.map(({ task, runs }) => summarizeTask(task, runs.slice(seed, seed + 1)));
    const share = pooledShare(ofSeed);
    if (share === undefined) return null;
    shares.push(share);
  }
  return meanInterval(shares);
}

/**
 * Whether a student is right less often than who always says the largest class, by more than a standard error of the share that this class has
 * among so many test samples: on 200, three samples are chance.
 */
export function isBelowLargestClass({ student, largestClass, testSamples }: GainRun): boolean {
  if (largestClass === null) return false;
  return student < largestClass - Math.sqrt((largestClass * (100 - largestClass)) / testSamples);
}
