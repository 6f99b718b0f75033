import type { CrossFittedTeacher, ObjectiveChoice } from '../../report/choice.ts';
import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DistilleryError, type Problem } from '../../errors.ts';
import { classesOf } from '../../data/task.ts';
import type { Targets } from '../../data/targets.ts';
import { buildReport } from '../../evaluation/buildReport.ts';
import { differenceInterval } from '../../evaluation/comparison/differenceInterval.ts';
import { scoreSamples, type Said, type SampleScores } from '../../evaluation/comparison/scoreSamples.ts';
import { describeMachine } from '../../evaluation/describeMachine.ts';
import { agreementOf } from '../../evaluation/measureOutputs.ts';
import type { DeviceName } from '../../protocol/events.ts';
import type { Comparison, Interval } from '../../report/quality.ts';
import type {
  MemberResult,
  ModelReport,
  Report,
  TestQuality,
  Folds,
  SeedResult,
  SplitMetrics,
  Variant,
} from '../../report/report.ts';
import type { MemoryUse } from '../../report/speed.ts';
import { precisionOn } from '../../training/engines/bfloat16Products.ts';
import { peakMemory } from '../../platform/peakMemory.ts';
import { weightBytes } from '../../quantization/weightBytes.ts';
import type { TaughtBySites } from '../../report/sites.ts';
import { writeAtomically } from '../../platform/writeAtomically.ts';
import { advisedExperiment } from '../advisedExperiment.ts';
import { attentionStage } from './attentionStage.ts';
import { randomOfIntervals } from './compareStage.ts';
import { correctionsOf } from './correctMissingClassesStage.ts';
import { describeNetwork } from '../measures/describeNetwork.ts';
import type { Run } from '../run.ts';
import { evaluateFile, type EvaluatedNetwork } from '../../evaluation/evaluateNetwork.ts';
import { hashSplit } from '../../runFolder/hashData.ts';
import { measureMemoryOfNetworks } from '../measures/measureMemoryOfNetworks.ts';
import { measureSpeed, type MeasuredSpeeds } from '../measures/measureSpeed.ts';
import { timingLimitMs } from '../measures/timingLimit.ts';
import { provenanceOf } from '../../runFolder/provenance.ts';
import type { EvaluatedVariant } from '../measures/evaluateVariant.ts';
import { runFiles } from '../../runFolder/runFolder.ts';
import type { FinishedTraining } from '../../runFolder/checkpointFolder.ts';
import { writeTestScores } from '../../runFolder/testScores.ts';
import { scoresStage } from './scoresStage.ts';
import { tellLoad } from '../tellLoad.ts';
import { truthOf } from '../../data/truth.ts';

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
  readonly folds: Folds | null;
  /** Whether the run was stopped after its student was judged, and goes on later. */
  readonly isStopped: boolean;
  /** How the objective was chosen; null where the experiment names it. */
  readonly choice: ObjectiveChoice | null;
  /** How the student does on what it was trained on; null where nothing tells. */
  readonly onTraining: SplitMetrics | null;
  /** Teachers at sites; null for others. */
  readonly sites: TaughtBySites | null;
  /** How right teachers are of samples that they have not learned, where these say it to the student; null for others. */
  readonly crossFitted: CrossFittedTeacher | null;
  /** What computing the teachers' outputs took. */
  readonly teachingSeconds: number;
}

/**
 * Judges the baseline, measures how fast all are, and writes `report.json`. A baseline that was stopped is left out. A run that was stopped gets
 * its report nevertheless, in little time.
 */
export async function writeReport(run: Run, parts: ReportParts): Promise<Report> {
  const { dataset } = run.prepared;
  const { experiment, id, name, folder } = run;
  run.onEvent({ kind: 'phase', phase: 'report', message: 'Writes the report' });
  // Measuring the networks takes memory, too.
  const trainingMemory = peakMemory();
  const partial = parts.isStopped;
  const signal = partial ? new AbortController().signal : run.signal;
  const baseline =
    parts.baseline && parts.baseline.endedBy !== 'stopped'
      ? await evaluateFile('baseline', folder.file('baseline'), dataset, { signal, onProgress: () => undefined })
      : undefined;
  const variants = parts.variants.map(({ network }) => network);
  const judged = [...parts.evaluated, ...variants, ...(baseline ? [baseline] : [])];
  // Of teachers at sites there is nothing to be measured.
  const networks = judged.filter(({ members }) => members.length > 0);
  const truth = await truthOf(dataset.test, dataset.sampleShape);
  const { speeds, entries, attention } = await measureNetworks(run, networks, {
    device: parts.device,
    truth,
    isHurried: partial,
  });
  const said = (wanted: EvaluatedNetwork['name']): Said | undefined =>
    judged.find((network) => network.name === wanted)?.said;
  const [ofTeacher, ofStudent] = [said('teacher'), said('student')];
  const student = entries.get('student');
  const named = (wanted: EvaluatedNetwork['name']): EvaluatedNetwork | undefined =>
    networks.find((network) => network.name === wanted);
  const studentFile = named('student')?.members[0]?.model.file.proto;
  if (!student || !ofStudent || !studentFile) throw new DistilleryError('INTERNAL', 'The student was not evaluated.');
  const teacher = named('teacher');
  const teachers = teacher && { members: teacher.members };
  const provenance = await provenanceOf({ experiment, signal }, { dataset, teachers });
  const test = await hashSplit(dataset.test, dataset.sampleShape, new AbortController().signal);
  const wanted = experiment.training.precision;
  const report = buildReport({
    id,
    name,
    createdAt: new Date().toISOString(),
    partial,
    dataset: describeDataset(run),
    device: {
      training: parts.device,
      precision: { wanted, used: await precisionOn(parts.device, wanted) },
      latency: speeds.device,
      machine: describeMachine(),
      load: speeds.load,
    },
    teacher: entries.get('teacher') ?? null,
    speedUp: speeds.ratios.get('student') ?? null,
    cpuSpeedUp: speeds.cpuRatios?.get('student') ?? null,
    student: {
      ...student,
      ...shrinkingOf(experiment),
      file: runFiles.student,
      bestEpoch: parts.student.bestEpoch,
      epochChoice: parts.student.epochChoice ?? null,
      corrections: correctionsOf(studentFile),
      endedBy: parts.student.endedBy,
    },
    baseline: entries.get('baseline') ?? null,
    agreement: ofTeacher ? agreementOf(dataset.task, ofTeacher.outputs, ofStudent.outputs, dataset.test.targets) : null,
    gainInterval: baseline ? intervalBetween(run, ofStudent, baseline.said, truth) : null,
    attention,
    sites: parts.sites,
    members: membersOf(teacher),
    seeds: parts.repeats.length === 0 ? [] : [firstSeed(run, student, baseline), ...parts.repeats],
    folds: parts.folds,
    comparison: parts.comparison ?? null,
    variants: parts.variants.map((variant) => describeVariant(variant, entries, speeds)),
    weightBytes: parts.variants.length === 0 ? null : weightBytes(studentFile),
    exportDifference: parts.student.exportDifference ?? null,
    provenance: { ...provenance, data: { ...provenance.data, test } },
    matching: run.prepared.matching,
    choice: parts.choice,
    crossFittedTeacher: parts.crossFitted,
    enlargement: run.journal.enlargement ?? null,
    rate: run.journal.rate ?? null,
    validation: { student: parts.student.quality, baseline: parts.baseline?.quality ?? null },
    trainingAccuracy: parts.onTraining?.accuracy ?? null,
    trainingDetermination: parts.onTraining?.deviation?.determination ?? null,
    experiment: advisedExperiment(run),
    changedInputs: run.journal.changedInputs,
    trainingMemory,
    seconds: {
      total: run.journal.seconds,
      teacherOutputs: parts.teachingSeconds,
      student: parts.student.seconds,
      baseline: parts.baseline?.seconds ?? 0,
    },
  });
  folder.assertHeld();
  const scored = { student: ofStudent, teacher: ofTeacher, baseline: baseline?.said };
  await writeTestScores(folder.path, scoresStage(dataset.task, scored, truth, test));
  await writeAtomically(folder.file('report'), `${JSON.stringify(report, null, 2)}\n`);
  for (const { kind, refusal } of parts.variants) {
    if (refusal !== null) await rm(folder.file(kind), { force: true });
  }
  return report;
}

/** What networks are measured with. */
interface Measuring {
  readonly device: DeviceName;
  /** What is true of the test split. */
  readonly truth: Targets;
  /** Whether a person waits, who stopped the run: what takes long is left out. */
  readonly isHurried: boolean;
}

/** How fast the networks are, how much memory they take, what they look at, and what the report says of each, by its name. */
async function measureNetworks(
  run: Run,
  networks: readonly EvaluatedNetwork[],
  { device, truth, isHurried }: Measuring,
): Promise<{
  readonly speeds: MeasuredSpeeds;
  readonly entries: ReadonlyMap<string, ModelReport>;
  readonly attention: Report['attention'];
}> {
  const { dataset } = run.prepared;
  const onWarning = (problem: Problem): void => {
    run.onEvent({ kind: 'warning', problem });
  };
  const limitMs = timingLimitMs(isHurried ? 'stopped' : 'report', (message) => {
    onWarning({ where: 'report', message });
  });
  const speeds = await measureSpeed(networks, dataset, { device, limitMs, onWarning });
  tellLoad(speeds.load, run);
  // The processes that measure memory mostly wait for their own start; nothing is timed any more.
  const [memory, attention] = await Promise.all([
    isHurried
      ? new Map<string, MemoryUse>()
      : measureMemoryOfNetworks(networks, { sampleShape: dataset.sampleShape, limitMs, onWarning }),
    isHurried ? null : attentionStage(run, networks),
  ]);
  const entries = new Map<string, ModelReport>();
  for (const network of networks) {
    entries.set(network.name, await describeNetwork(network, speeds, { dataset, truth, memory, isHurried }));
  }
  return { speeds, entries, attention };
}

function describeDataset({ experiment, prepared: { dataset } }: Run): Report['dataset'] {
  return {
    path: experiment.dataset.path,
    task: dataset.task.kind,
    classes: classesOf(dataset.task),
    training: dataset.training.count,
    validation: dataset.validation.count,
    test: dataset.test.count,
    ...(dataset.unlabelled && { unlabelled: dataset.unlabelled.count }),
  };
}

/** Which channels of the teacher the student began with, where it began as a narrower one. */
function shrinkingOf({ student }: Run['experiment']): Pick<Report['student'], 'keptChannels' | 'channelImportance'> {
  return 'shrink' in student
    ? { keptChannels: student.shares ?? student.shrink, channelImportance: student.importance }
    : { keptChannels: null, channelImportance: null };
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
  { kind, network, difference, agreement, weights, keptOn, refusal }: EvaluatedVariant,
  entries: ReadonlyMap<string, ModelReport>,
  { ratios }: MeasuredSpeeds,
): Variant {
  const entry = entries.get(kind);
  const model = network.members[0]?.model;
  if (!entry || !model) throw new DistilleryError('INTERNAL', `The ${kind} student was not described.`);
  return {
    ...entry,
    kind,
    file: refusal === null ? runFiles[kind] : null,
    weightBytes: weightBytes(model.file.proto),
    weights,
    speedUp: ratios.get(kind) ?? null,
    agreement,
    difference,
    keptOn,
    refusal,
  };
}

/** One network minus another, with its confidence interval. */
function intervalBetween({ experiment, prepared }: Run, one: Said, other: Said, truth: Targets): Interval | null {
  const { task } = prepared.dataset;
  const scores = (said: Said): SampleScores => scoreSamples(task, said, truth, other.outputs);
  return differenceInterval(scores(one), scores(other), randomOfIntervals(experiment.training.seed));
}
