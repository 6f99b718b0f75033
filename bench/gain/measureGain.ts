import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dataset } from '../../src/data/dataset.ts';
import { classesOf } from '../../src/data/task.ts';
import { evaluateFile, evaluateOnTest } from '../../src/evaluation/evaluateNetwork.ts';
import { parseExperiment } from '../../src/experiment/parseExperiment.ts';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import { checkTerms } from '../../src/objectives/checkTerms.ts';
import type { ObjectiveTerm } from '../../src/objectives/objectiveTerm.ts';
import { portfolioFor, shortObjective } from '../../src/objectives/portfolio.ts';
import { preflight } from '../../src/preflight/preflight.ts';
import type { SplitMetrics } from '../../src/report/report.ts';
import { runExperiment } from '../../src/run/runExperiment.ts';
import { runFiles } from '../../src/runFolder/runFolder.ts';
import { readStoredProgress } from '../../src/runFolder/checkpointFolder.ts';
import type { GainTask } from './tasks.ts';

/** What one run came to on the test split: accuracy, or R² where there is none, in points. */
export interface GainRun {
  readonly teacher: number;
  readonly student: number;
  readonly baseline: number;
  /** Share of the largest class on the test split, in points; null where there are no classes. */
  readonly largestClass: number | null;
  readonly testSamples: number;
  /** The objective that was chosen, and why. */
  readonly objective: string;
  readonly reason: string;
  readonly seconds: number;
  /** Share of the time that trying objectives took, without what the report measures. */
  readonly trialShare: number;
  /** What students came to that were taught the same by one objective each, where that is asked for. */
  readonly fixed: Readonly<Record<string, number>>;
}

/**
 * Runs a task with all defaults. Speeds and memory, which take longer than small trainings and have nothing to do with quality, are left
 * out: the run is stopped when it begins with its report.
 *
 * @param withFixed whether students are taught by every single objective of the portfolio as well, by the same teacher
 * @returns undefined where the data are not there
 */
export async function measureGain(task: GainTask, seed: number, withFixed = false): Promise<GainRun | undefined> {
  const named = task.experiment();
  if (!named) return undefined;
  const experiment = {
    ...named,
    training: { ...named.training, seed },
    report: { attentionSamples: 0 },
    device: 'cpu',
  } as const;
  const parent = mkdtempSync(join(tmpdir(), 'distillery-gain-'));
  try {
    const folder = join(parent, 'run');
    const seconds = await runUntilReport(experiment, folder);
    const { choice } = (await readStoredProgress(folder)).progress;
    const { signal } = new AbortController();
    const { dataset, teachers } = await preflight(parseExperiment(experiment), {
      baseDirectory: parent,
      signal,
      onProgress: () => undefined,
    });
    try {
      const ofFile = (name: 'student' | 'baseline' | 'teacher'): Promise<number> =>
        pointsOf(join(folder, runFiles[name]), dataset);
      const options = { signal, onProgress: () => undefined };
      const { targets } = dataset.test;
      const baseline = await ofFile('baseline');
      const fixed: Record<string, number> = {};
      const { safe, others } = portfolioFor(dataset.task.kind);
      // Those that suit the task, also where a run has no time to try them all.
      const context = { task: dataset.task.kind, classes: classesOf(dataset.task).length || undefined };
      const suits = (terms: readonly ObjectiveTerm[]): boolean =>
        checkTerms(terms, { ...context, batchSize: 32, teachers: 1 }).length === 0;
      const single = withFixed ? [safe, ...others].filter(suits) : [];
      for (const [index, objective] of single.entries()) {
        const alone = join(parent, `fixed-${index}`);
        await runUntilReport(withObjective(experiment, objective, join(folder, runFiles.teacher)), alone);
        fixed[shortObjective(objective)] = await pointsOf(join(alone, runFiles.student), dataset);
      }
      return {
        teacher: teachers
          ? points((await evaluateOnTest('teacher', teachers.members, dataset, options)).metrics)
          : await ofFile('teacher'),
        student: await ofFile('student'),
        baseline,
        largestClass: targets.kind === 'classes' ? largestShare(targets.labels) : null,
        testSamples: dataset.test.count,
        objective: choice?.chosen ?? '',
        reason: choice?.reason ?? '',
        seconds,
        trialShare: (choice?.seconds ?? 0) / seconds,
        fixed,
      };
    } finally {
      await dataset.dispose();
    }
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

/** @returns the seconds that it took */
async function runUntilReport(experiment: ExperimentInput, folder: string): Promise<number> {
  const stop = new AbortController();
  const startedAt = performance.now();
  let seconds = 0;
  await runExperiment(experiment, {
    folder,
    baseDirectory: tmpdir(),
    signal: stop.signal,
    onEvent: (event) => {
      if (event.kind !== 'phase' || event.phase !== 'report') return;
      seconds = (performance.now() - startedAt) / 1000;
      stop.abort();
    },
  });
  return seconds;
}

/** The same with its objective named, by the teacher that was trained already where one is. */
function withObjective(
  experiment: ExperimentInput,
  objective: readonly ObjectiveTerm[],
  trained: string,
): ExperimentInput {
  const { teacher } = experiment;
  const isTrained = teacher !== null && typeof teacher === 'object' && 'architecture' in teacher;
  return {
    ...experiment,
    ...(isTrained && { teacher: { model: trained } }),
    objective: objective.map((term) => ({ ...term })) as ExperimentInput['objective'],
    baseline: false,
  };
}

async function pointsOf(file: string, dataset: Dataset): Promise<number> {
  const options = { signal: new AbortController().signal, onProgress: () => undefined };
  return points((await evaluateFile('student', file, dataset, options)).metrics);
}

function points({ accuracy, deviation }: SplitMetrics): number {
  return 100 * (accuracy ?? deviation?.determination ?? NaN);
}

function largestShare(labels: Int32Array): number {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return (100 * Math.max(...counts.values())) / labels.length;
}
