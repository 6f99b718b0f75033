import { truthOf } from '../../data/truth.ts';
import {
  evaluateFile,
  evaluateOnTest,
  type EvaluatedNetwork,
  type EvaluationOptions,
} from '../../evaluation/evaluateNetwork.ts';
import { measureOutputs } from '../../evaluation/measureOutputs.ts';
import type { Comparison } from '../../report/quality.ts';
import type { Teachers } from '../../teacher/teach.ts';
import type { Run } from '../run.ts';
import { compareStage } from './compareStage.ts';

/** What the test split shows of teacher and student. */
export interface Evaluation {
  readonly networks: readonly EvaluatedNetwork[];
  /** Undefined without a teacher. */
  readonly comparison: Comparison | undefined;
}

/**
 * Reads the written student back and judges it and the teachers on the test split, which nothing but the check of that file has
 * read before.
 */
export async function evaluateNetworks(run: Run, teachers: Teachers | undefined): Promise<Evaluation> {
  run.onEvent({ kind: 'phase', phase: 'evaluation', message: 'Evaluates on the test split' });
  const { dataset } = run.prepared;
  const { count } = dataset.test;
  const options = (before: number) => ({
    signal: run.signal,
    onProgress: (done: number): void => {
      const total = (teachers ? 2 : 1) * count;
      run.onEvent({ kind: 'progress', phase: 'evaluation', done: before + done, total });
    },
  });
  const teacher = teachers && (await judgeTeachers(run, teachers, options(0)));
  const student = await evaluateFile('student', run.folder.file('student'), dataset, {
    ...options(teachers ? count : 0),
    teacherOutputs: teacher?.said.outputs,
  });
  if (!teacher) return { networks: [student], comparison: undefined };
  const said = {
    teacher: teacher.said,
    student: student.said,
    truth: await truthOf(dataset.test, dataset.sampleShape),
  };
  const comparison = await compareStage(dataset, said, run.experiment.training.seed);
  return { networks: [teacher, student], comparison };
}

/** Teachers on the test split: their networks, or what they said of it. */
async function judgeTeachers(
  { prepared: { dataset } }: Run,
  { members, said }: Teachers,
  options: EvaluationOptions,
): Promise<EvaluatedNetwork> {
  if (!said) return evaluateOnTest('teacher', members, dataset, options);
  const outputs = said.test;
  const truth = await truthOf(dataset.test, dataset.sampleShape);
  const metrics = measureOutputs(dataset.task, outputs, truth, { outputs: 'logits' });
  return { name: 'teacher', members: [], metrics, memberMetrics: [], said: { outputs, kind: 'logits' } };
}
