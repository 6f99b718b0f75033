import { DistilleryError } from '../errors.ts';
import { buildReport } from '../evaluation/buildReport.ts';
import { describeMachine } from '../evaluation/describeMachine.ts';
import { classesOf } from '../data/task.ts';
import { agreementOf } from '../evaluation/judge.ts';
import { countMacs, countParameters } from '../onnx/cost.ts';
import type { DeviceName } from '../protocol/events.ts';
import type { Latency, ModelReport, Report } from '../protocol/report.ts';
import type { Teachers } from '../teacher/teach.ts';
import { loadNetwork } from '../training/engines/networkFile.ts';
import { correctionsOf } from './correctStage.ts';
import type { Run } from './distill.ts';
import { evaluateOnTest, measureLatencies, type EvaluatedNetwork, type Members } from './evaluateStage.ts';
import { runFiles } from './runFolder.ts';
import type { FinishedTraining } from './storedProgress.ts';
import { writeAtomically } from '../writeAtomically.ts';

/** How long latencies are measured, and how long when a person waits for the run to stop. */
const LATENCY_BUDGET_MS = 4000;
const LATENCY_BUDGET_STOPPED_MS = 200;

export interface ReportParts {
  readonly device: DeviceName;
  /** Student and, when there is one, teacher. */
  readonly evaluated: readonly EvaluatedNetwork[];
  readonly student: FinishedTraining;
  /** Undefined when there is no baseline. */
  readonly baseline: FinishedTraining | undefined;
  /** What computing the teachers' outputs took. */
  readonly teachingSeconds: number;
}

/** Reads the written student back and judges it and the teachers on the test split, which nothing has touched before. */
export async function evaluateNetworks(run: Run, teachers: Teachers | undefined): Promise<EvaluatedNetwork[]> {
  run.onEvent({ kind: 'phase', phase: 'evaluation', message: 'Evaluates on the test split' });
  const { sampleShape } = run.prepared.dataset;
  const student = await loadNetwork(run.folder.file('student'), { sampleShape });
  const networks = [
    ...(teachers ? [{ name: 'teacher', members: teachers.members } as const] : []),
    { name: 'student', members: [{ model: student, weight: 1 }] } as const,
  ];
  const evaluated: EvaluatedNetwork[] = [];
  for (const [index, { name, members }] of networks.entries()) {
    const { count } = run.prepared.dataset.test;
    const onProgress = (done: number): void => {
      run.onEvent({
        kind: 'progress',
        phase: 'evaluation',
        done: index * count + done,
        total: networks.length * count,
      });
    };
    const teacherOutputs = evaluated.find((network) => network.name === 'teacher')?.outputs;
    const options = { signal: run.signal, onProgress, teacherOutputs };
    evaluated.push(await evaluateOnTest(name, members, run.prepared.dataset, options));
  }
  return evaluated;
}

/** Judges the baseline, measures latencies and writes `report.json`. A baseline that was stopped is left out. */
export async function writeReport(run: Run, parts: ReportParts): Promise<Report> {
  const { dataset } = run.prepared;
  const { experiment, id, name, folder, signal } = run;
  run.onEvent({ kind: 'phase', phase: 'report', message: 'Writes the report' });
  const networks = [...parts.evaluated];
  const partial = parts.baseline?.endedBy === 'stopped';
  if (parts.baseline && !partial) {
    const model = await loadNetwork(folder.file('baseline'), { sampleShape: dataset.sampleShape });
    const members = [{ model, weight: 1 }];
    networks.push(await evaluateOnTest('baseline', members, dataset, { signal, onProgress: () => undefined }));
  }
  const latencies = await measureLatencies(networks, dataset, partial ? LATENCY_BUDGET_STOPPED_MS : LATENCY_BUDGET_MS);
  const entries = new Map(networks.map((network) => [network.name, describe(network, latencies)]));
  const outputsOf = (wanted: EvaluatedNetwork['name']): Float32Array | undefined =>
    networks.find((network) => network.name === wanted)?.outputs;
  const [teacherOutputs, studentOutputs] = [outputsOf('teacher'), outputsOf('student')];
  const student = entries.get('student');
  const studentFile = networks.find((network) => network.name === 'student')?.members[0]?.model.file.proto;
  if (!student || !studentOutputs || !studentFile)
    throw new DistilleryError('INTERNAL', 'The student was not evaluated.');

  const report = buildReport({
    id,
    name,
    createdAt: new Date().toISOString(),
    partial,
    dataset: {
      path: experiment.dataset.path,
      task: dataset.task.kind,
      classes: classesOf(dataset.task),
      training: dataset.training.count,
      validation: dataset.validation.count,
      test: dataset.test.count,
    },
    device: { training: parts.device, latency: 'cpu', machine: describeMachine() },
    teacher: entries.get('teacher') ?? null,
    student: {
      ...student,
      file: runFiles.student,
      bestEpoch: parts.student.bestEpoch,
      corrections: correctionsOf(studentFile),
      endedBy: parts.student.endedBy,
    },
    baseline: entries.get('baseline') ?? null,
    agreement: teacherOutputs ? agreementOf(dataset.task, teacherOutputs, studentOutputs, dataset.test.targets) : null,
    seconds: {
      total: run.journal.seconds,
      teacherOutputs: parts.teachingSeconds,
      student: parts.student.seconds,
      baseline: parts.baseline?.seconds ?? 0,
    },
  });
  await writeAtomically(folder.file('report'), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

function sumOf(members: Members, figure: (model: Members[number]['model']) => number): number {
  return members.reduce((sum, { model }) => sum + figure(model), 0);
}

function describe({ name, members, metrics }: EvaluatedNetwork, latencies: ReadonlyMap<string, Latency>): ModelReport {
  const latencyMs = latencies.get(name);
  if (!latencyMs) throw new DistilleryError('INTERNAL', `The latency of the ${name} was not measured.`);
  return {
    parameters: sumOf(members, ({ graph }) => countParameters(graph)),
    macs: sumOf(members, ({ graph }) => countMacs(graph)),
    bytes: sumOf(members, ({ file }) => file.bytes),
    latencyMs,
    test: metrics,
  };
}
