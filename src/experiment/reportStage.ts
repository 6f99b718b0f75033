import { DistilleryError } from '../errors.ts';
import { buildReport } from '../evaluation/buildReport.ts';
import { describeMachine } from '../evaluation/describeMachine.ts';
import { agreement } from '../evaluation/metrics.ts';
import { countMacs, countParameters } from '../onnx/cost.ts';
import type { DeviceName } from '../protocol/events.ts';
import type { Latency, ModelReport, Report } from '../protocol/report.ts';
import { loadClassifier, type Classifier } from '../training/engines/classifier.ts';
import type { TrainedNetwork } from '../training/trainNetwork.ts';
import type { Run } from './distill.ts';
import { evaluateOnTest, measureLatencies, type EvaluatedNetwork } from './evaluateStage.ts';
import { runFiles } from './runFolder.ts';
import { writeAtomically } from '../writeAtomically.ts';

/** How long latencies are measured, and how long when a person waits for the run to stop. */
const LATENCY_BUDGET_MS = 4000;
const LATENCY_BUDGET_STOPPED_MS = 200;

export interface ReportParts {
  readonly device: DeviceName;
  /** Student and, when there is one, teacher. */
  readonly evaluated: readonly EvaluatedNetwork[];
  readonly student: TrainedNetwork;
  /** Undefined when there is no baseline. */
  readonly baseline: TrainedNetwork | undefined;
  readonly seconds: Omit<Report['seconds'], 'total'>;
  /** When the run began, on the clock of `performance.now()`. */
  readonly start: number;
}

/** Reads the written student back and judges it and the teacher on the test split, which nothing has touched before. */
export async function evaluateNetworks(run: Run, teacher: Classifier | undefined): Promise<EvaluatedNetwork[]> {
  run.onEvent({ kind: 'phase', phase: 'evaluation', message: 'Evaluates on the test split' });
  const student = await loadClassifier(run.folder.file('student'));
  const networks = [
    ...(teacher ? [{ name: 'teacher', model: teacher } as const] : []),
    { name: 'student', model: student } as const,
  ];
  const evaluated: EvaluatedNetwork[] = [];
  for (const [index, { name, model }] of networks.entries()) {
    const { count } = run.prepared.dataset.test;
    const onProgress = (done: number): void => {
      run.onEvent({
        kind: 'progress',
        phase: 'evaluation',
        done: index * count + done,
        total: networks.length * count,
      });
    };
    evaluated.push(await evaluateOnTest(name, model, run.prepared.dataset, { signal: run.signal, onProgress }));
  }
  return evaluated;
}

/** Judges the baseline, measures latencies and writes `report.json`. A baseline that was stopped is left out. */
export async function writeReport(run: Run, parts: ReportParts): Promise<Report> {
  const { dataset } = run.prepared;
  const { experiment, id, name, folder, signal } = run;
  run.onEvent({ kind: 'phase', phase: 'report', message: 'Writes the report' });
  const networks = [...parts.evaluated];
  const partial = parts.baseline?.stopped === true;
  if (parts.baseline && !partial) {
    const model = await loadClassifier(folder.file('baseline'));
    networks.push(await evaluateOnTest('baseline', model, dataset, { signal, onProgress: () => undefined }));
  }
  const latencies = await measureLatencies(networks, partial ? LATENCY_BUDGET_STOPPED_MS : LATENCY_BUDGET_MS);
  const entries = new Map(networks.map((network) => [network.name, describe(network, latencies)]));
  const outputsOf = (wanted: EvaluatedNetwork['name']): Float32Array | undefined =>
    networks.find((network) => network.name === wanted)?.outputs;
  const [teacherOutputs, studentOutputs] = [outputsOf('teacher'), outputsOf('student')];
  const student = entries.get('student');
  if (!student || !studentOutputs) throw new DistilleryError('INTERNAL', 'The student was not evaluated.');

  const report = buildReport({
    id,
    name,
    createdAt: new Date().toISOString(),
    partial,
    dataset: {
      path: experiment.dataset.path,
      classes: dataset.classes,
      training: dataset.training.count,
      validation: dataset.validation.count,
      test: dataset.test.count,
    },
    device: { training: parts.device, latency: 'cpu', machine: describeMachine() },
    teacher: entries.get('teacher') ?? null,
    student: { ...student, file: runFiles.student, bestEpoch: parts.student.bestEpoch },
    baseline: entries.get('baseline') ?? null,
    agreement: teacherOutputs ? agreement(teacherOutputs, studentOutputs, dataset.classes.length) : null,
    seconds: { total: (performance.now() - parts.start) / 1000, ...parts.seconds },
  });
  await writeAtomically(folder.file('report'), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

function describe({ name, model, metrics }: EvaluatedNetwork, latencies: ReadonlyMap<string, Latency>): ModelReport {
  const latencyMs = latencies.get(name);
  if (!latencyMs) throw new DistilleryError('INTERNAL', `The latency of the ${name} was not measured.`);
  return {
    parameters: countParameters(model.graph),
    macs: countMacs(model.graph),
    bytes: model.file.bytes,
    latencyMs,
    test: metrics,
  };
}
