import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DistilleryError, type Problem } from '../errors.ts';
import { classesOf } from '../data/task.ts';
import type { Targets } from '../data/targets.ts';
import { buildReport } from '../evaluation/buildReport.ts';
import { bootstrapDifference } from '../evaluation/comparison/bootstrap.ts';
import { scoreSamples, type Said, type SampleScores } from '../evaluation/comparison/scoreSamples.ts';
import { describeMachine } from '../evaluation/describeMachine.ts';
import { agreementOf } from '../evaluation/judge.ts';
import type { DeviceName } from '../protocol/events.ts';
import type { Comparison, Interval } from '../protocol/quality.ts';
import type {
  MemberResult,
  MemoryUse,
  ModelReport,
  Report,
  TestQuality,
  SeedResult,
  SplitMetrics,
  Variant,
} from '../protocol/report.ts';
import { peakMemory } from '../peakMemory.ts';
import { weightBytes } from '../quantization/weightBytes.ts';
import type { Teachers } from '../teacher/teach.ts';
import { writeAtomically } from '../writeAtomically.ts';
import { attentionStage } from './attentionStage.ts';
import { compareStage, randomOfIntervals } from './compareStage.ts';
import { correctionsOf } from './correctStage.ts';
import { describeNetwork } from './describeNetwork.ts';
import type { Run } from './distill.ts';
import { evaluateFile, evaluateOnTest, type EvaluatedNetwork } from './evaluateStage.ts';
import { hashSplit } from './hashData.ts';
import { measureMemoryUse } from './measureMemoryUse.ts';
import { measureSpeed } from './measureSpeed.ts';
import { provenanceOf } from './provenance.ts';
import type { EvaluatedVariant } from './judgeVariant.ts';
import { runFiles } from './runFolder.ts';
import type { FinishedTraining } from './storedProgress.ts';
import { truthOf } from './truth.ts';

/** How long speeds are measured on a device, and how long when a person waits for the run to stop. */
const SPEED_BUDGET_MS = 4000;
const SPEED_BUDGET_STOPPED_MS = 200;

export interface ReportParts {
  readonly device: DeviceName;
  /** Student and, when there is one, teacher. */
  readonly evaluated: readonly EvaluatedNetwork[];
  /** The student against the teacher, when there is one. */
  readonly comparison: Comparison | undefined;
  /** The student before distilling, where it was pruned, and in other number formats. */
  readonly variants: readonly EvaluatedVariant[];
  readonly student: FinishedTraining;
  /** Undefined when there is no baseline. */
  readonly baseline: FinishedTraining | undefined;
  /** The further seeds. */
  readonly repeats: readonly SeedResult[];
  /** What computing the teachers' outputs took. */
  readonly teachingSeconds: number;
}

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
  const teacher = teachers && (await evaluateOnTest('teacher', teachers.members, dataset, options(0)));
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

/** Judges the baseline, measures how fast all are, and writes `report.json`. A baseline that was stopped is left out. */
export async function writeReport(run: Run, parts: ReportParts): Promise<Report> {
  const { dataset } = run.prepared;
  const { experiment, id, name, folder, signal } = run;
  run.onEvent({ kind: 'phase', phase: 'report', message: 'Writes the report' });
  // Measuring the networks takes memory, too.
  const trainingMemory = peakMemory();
  const partial = parts.baseline?.endedBy === 'stopped';
  const baseline =
    parts.baseline && !partial
      ? await evaluateFile('baseline', folder.file('baseline'), dataset, { signal, onProgress: () => undefined })
      : undefined;
  const variants = parts.variants.map(({ network }) => network);
  const networks = [...parts.evaluated, ...variants, ...(baseline ? [baseline] : [])];
  const truth = await truthOf(dataset.test, dataset.sampleShape);
  const onWarning = (problem: Problem): void => {
    run.onEvent({ kind: 'warning', problem });
  };
  const speeds = await measureSpeed(networks, dataset, {
    device: parts.device,
    budgetMs: partial ? SPEED_BUDGET_STOPPED_MS : SPEED_BUDGET_MS,
    onWarning,
  });
  const memory = partial
    ? new Map<string, MemoryUse>()
    : await measureMemoryUse(networks, dataset.sampleShape, onWarning);
  const entries = new Map<string, ModelReport>();
  for (const network of networks) {
    const options = { dataset, truth, memory, isHurried: partial };
    entries.set(network.name, await describeNetwork(network, speeds, options));
  }
  const said = (wanted: EvaluatedNetwork['name']): Said | undefined =>
    networks.find((network) => network.name === wanted)?.said;
  const [ofTeacher, ofStudent] = [said('teacher'), said('student')];
  const student = entries.get('student');
  const studentFile = networks.find((network) => network.name === 'student')?.members[0]?.model.file.proto;
  if (!student || !ofStudent || !studentFile) throw new DistilleryError('INTERNAL', 'The student was not evaluated.');

  const teachers = networks.find(({ name: network }) => network === 'teacher');
  const attention = partial ? null : await attentionStage(run, networks);
  const provenance = await provenanceOf(run, { dataset, teachers });
  // A run that was stopped gets its report nevertheless.
  const test = await hashSplit(dataset.test, dataset.sampleShape, new AbortController().signal);
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
    device: { training: parts.device, latency: speeds.device, machine: describeMachine() },
    teacher: entries.get('teacher') ?? null,
    student: {
      ...student,
      file: runFiles.student,
      bestEpoch: parts.student.bestEpoch,
      corrections: correctionsOf(studentFile),
      endedBy: parts.student.endedBy,
      keptChannels: 'shrink' in experiment.student ? experiment.student.shrink : null,
      channelImportance: 'shrink' in experiment.student ? experiment.student.importance : null,
    },
    baseline: entries.get('baseline') ?? null,
    agreement: ofTeacher ? agreementOf(dataset.task, ofTeacher.outputs, ofStudent.outputs, dataset.test.targets) : null,
    gainInterval: baseline ? intervalBetween(run, ofStudent, baseline.said, truth) : null,
    attention,
    members: membersOf(networks.find((network) => network.name === 'teacher')),
    seeds: parts.repeats.length === 0 ? [] : [firstSeed(run, student, baseline), ...parts.repeats],
    comparison: parts.comparison ?? null,
    variants: parts.variants.map((variant) => describeVariant(variant, entries)),
    weightBytes: parts.variants.length === 0 ? null : weightBytes(studentFile),
    exportDifference: parts.student.exportDifference ?? null,
    provenance: { ...provenance, data: { ...provenance.data, test } },
    matching: run.prepared.matching,
    trainingMemory,
    seconds: {
      total: run.journal.seconds,
      teacherOutputs: parts.teachingSeconds,
      student: parts.student.seconds,
      baseline: parts.baseline?.seconds ?? 0,
    },
  });
  for (const { kind, refusal } of parts.variants) {
    if (refusal !== null) await rm(folder.file(kind), { force: true });
  }
  await rm(folder.file('repeats'), { recursive: true, force: true });
  await writeAtomically(folder.file('report'), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

/** Each teacher of an ensemble on its own. */
function membersOf(teacher: EvaluatedNetwork | undefined): readonly MemberResult[] {
  if (!teacher) return [];
  const paths = teacher.members.map(({ model }) => model.file.path);
  const isClear = new Set(paths.map((path) => basename(path))).size === paths.length;
  return teacher.memberMetrics.map((metrics, index) => {
    const path = paths[index] ?? '';
    const name = isClear ? basename(path) : join(basename(dirname(path)), basename(path));
    return { name, weight: teacher.members[index]?.weight ?? NaN, ...testQuality(metrics) };
  });
}

/** The student that is the result, as one of several seeds. */
function firstSeed({ experiment }: Run, student: ModelReport, baseline: EvaluatedNetwork | undefined): SeedResult {
  return {
    seed: experiment.training.seed,
    student: testQuality(student.test),
    baseline: baseline ? testQuality(baseline.metrics) : null,
  };
}

function testQuality({ accuracy, errors, loss }: SplitMetrics): TestQuality {
  return { accuracy, errors, loss };
}

function describeVariant(
  { kind, network, difference, agreement, refusal }: EvaluatedVariant,
  entries: ReadonlyMap<string, ModelReport>,
): Variant {
  const entry = entries.get(kind);
  const model = network.members[0]?.model;
  if (!entry || !model) throw new DistilleryError('INTERNAL', `The ${kind} student was not described.`);
  return {
    ...entry,
    kind,
    file: refusal === null ? runFiles[kind] : null,
    weightBytes: weightBytes(model.file.proto),
    agreement,
    difference,
    refusal,
  };
}

/** One network minus another, with its confidence interval. */
function intervalBetween({ experiment, prepared }: Run, one: Said, other: Said, truth: Targets): Interval | null {
  const { task } = prepared.dataset;
  const scores = (said: Said): SampleScores => scoreSamples(task, said, truth, other.outputs);
  return bootstrapDifference(scores(one), scores(other), randomOfIntervals(experiment.training.seed));
}
