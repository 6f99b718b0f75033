import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluateFile, evaluateOnTest } from '../../src/evaluation/evaluateNetwork.ts';
import { parseExperiment } from '../../src/experiment/parseExperiment.ts';
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
  /** The objective that was chosen. */
  readonly objective: string;
  readonly seconds: number;
  /** Share of the time that trying objectives took, without what the report measures. */
  readonly trialShare: number;
}

/**
 * Runs a task with all defaults. Speeds and memory, which take longer than small trainings and have nothing to do with quality, are left
 * out: the run is stopped when it begins with its report.
 */
export async function measureGain(task: GainTask, seed: number): Promise<GainRun | undefined> {
  const named = task.experiment();
  if (!named) return undefined;
  const experiment = { ...named, training: { seed }, report: { attentionSamples: 0 }, device: 'cpu' } as const;
  const parent = mkdtempSync(join(tmpdir(), 'distillery-gain-'));
  const folder = join(parent, 'run');
  const stop = new AbortController();
  const startedAt = performance.now();
  let seconds = 0;
  try {
    await runExperiment(experiment, {
      folder,
      baseDirectory: parent,
      signal: stop.signal,
      onEvent: (event) => {
        if (event.kind !== 'phase' || event.phase !== 'report') return;
        seconds = (performance.now() - startedAt) / 1000;
        stop.abort();
      },
    });
    const { signal } = new AbortController();
    const { choice } = (await readStoredProgress(folder)).progress;
    const { dataset, teachers } = await preflight(parseExperiment(experiment), {
      baseDirectory: parent,
      signal,
      onProgress: () => undefined,
    });
    try {
      const options = { signal, onProgress: () => undefined };
      const pointsOf = async (name: 'student' | 'baseline' | 'teacher'): Promise<number> =>
        points((await evaluateFile(name, join(folder, runFiles[name]), dataset, options)).metrics);
      const { targets } = dataset.test;
      return {
        teacher: teachers
          ? points((await evaluateOnTest('teacher', teachers.members, dataset, options)).metrics)
          : await pointsOf('teacher'),
        student: await pointsOf('student'),
        baseline: await pointsOf('baseline'),
        largestClass: targets.kind === 'classes' ? largestShare(targets.labels) : null,
        objective: choice?.chosen ?? '',
        seconds,
        trialShare: (choice?.seconds ?? 0) / seconds,
      };
    } finally {
      await dataset.dispose();
    }
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

function points({ accuracy, deviation }: SplitMetrics): number {
  return 100 * (accuracy ?? deviation?.determination ?? NaN);
}

function largestShare(labels: Int32Array): number {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return (100 * Math.max(...counts.values())) / labels.length;
}
