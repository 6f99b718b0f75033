import { DistilleryError, messageOf } from '../../errors.ts';
import { bootstrapDifference } from '../../evaluation/comparison/bootstrap.ts';
import { countMacs } from '../../onnx/cost/cost.ts';
import { elementCount } from '../../onnx/tensor.ts';
import type { Interval } from '../../report/quality.ts';
import type { Attention } from '../../report/report.ts';
import { randomOfIntervals } from './compareStage.ts';
import type { Run } from '../run.ts';
import type { EvaluatedNetwork } from '../../evaluation/evaluateNetwork.ts';
import { compareReasons } from '../../explain/compareReasons.ts';
import { chooseOutput } from '../../explain/explainedOutput.ts';
import { openExplainers, type Explainers } from '../../explain/explainers.ts';
import { GRADIENT_POINTS } from '../../explain/integratedGradients.ts';
import { hiddenParts } from '../../explain/occlusion.ts';
import { spreadSamples } from '../../data/samples/spreadSamples.ts';

/** Test samples that are looked at unless the experiment says how many. */
const USUAL_SAMPLES = 32;
/** What that may cost, in MACs: about a second. Networks that cost more are looked at where the experiment asks for it. */
const AFFORDABLE_MACS = 2e10;
/** A gradient costs about as much as two forward passes, beside the one that it belongs to. */
const PASSES_OF_GRADIENT = 3;

/**
 * How far the student, and the baseline where there is one, attend to what the teacher attends to: the mean correlation of what the
 * numbers of test samples contribute to what the teacher says. Null without a teacher, and where it was not asked for and costs much or has no
 * answer, as where a teacher of trees has no gradient. What goes wrong is told as a warning, and no report fails for it.
 */
export async function attentionStage(run: Run, networks: readonly EvaluatedNetwork[]): Promise<Attention | null> {
  const { experiment, prepared, onEvent } = run;
  const [teacher, student, baseline] = (['teacher', 'student', 'baseline'] as const).map((wanted) =>
    networks.find(({ name }) => name === wanted),
  );
  if (!teacher || !student) return null;
  const compared = [teacher, student, ...(baseline ? [baseline] : [])];
  const wanted = experiment.report.attentionSamples ?? usualSamples(compared, prepared.dataset.sampleShape);
  if (wanted === 0) return null;
  onEvent({ kind: 'phase', phase: 'report', message: 'Compares what the networks attend to' });
  try {
    const explainers = await openExplainers(
      compared.map(({ members }) => members),
      prepared.dataset,
    );
    try {
      return await compareAttention(run, explainers, wanted);
    } finally {
      await explainers.dispose();
    }
  } catch (error) {
    const isUnasked = experiment.report.attentionSamples === undefined;
    if (isUnasked && error instanceof DistilleryError && error.code === 'UNSUPPORTED') return null;
    const message = `How far the student attends to what the teacher attends to was not found out: ${messageOf(error)}`;
    onEvent({ kind: 'warning', problem: { where: 'report.attentionSamples', message } });
    return null;
  }
}

function usualSamples(networks: readonly EvaluatedNetwork[], sampleShape: readonly number[]): number {
  const macs = networks.flatMap(({ members }) => members.map(({ model }) => countMacs(model.graph)));
  const passes = Math.max(PASSES_OF_GRADIENT * GRADIENT_POINTS, hiddenParts(sampleShape).length);
  const cost = USUAL_SAMPLES * passes * macs.reduce((sum, each) => sum + each, 0);
  return cost <= AFFORDABLE_MACS ? USUAL_SAMPLES : 0;
}

async function compareAttention(
  { experiment, prepared: { dataset }, signal, onEvent }: Run,
  { method, networks: [teacher, ...students] }: Explainers,
  wanted: number,
): Promise<Attention | null> {
  if (!teacher) throw new DistilleryError('INTERNAL', 'The teacher was not opened.');
  const { test, sampleShape, preparation } = dataset;
  const samples = spreadSamples(test.count, wanted);
  /** By student: the correlation of every sample; NaN where there is none. */
  const correlations = students.map(() => new Float64Array(samples.length).fill(NaN));
  for (const [index, sample] of samples.entries()) {
    // Who stops a run wants its report at once.
    if (signal.aborted) return null;
    const values = new Float32Array(elementCount(sampleShape));
    await test.read([sample], values);
    const { weights } = chooseOutput(dataset, { outputs: await teacher.say(values), sample }, {});
    const ofTeacher = await teacher.attribute(values, weights);
    for (const [position, student] of students.entries()) {
      const contributions = await student.attribute(values, weights);
      const found = compareReasons([ofTeacher, contributions], values, preparation);
      correlations[position]?.set([found ?? NaN], index);
    }
    onEvent({ kind: 'progress', phase: 'report', done: index + 1, total: samples.length });
  }
  const [student = new Float64Array(0), baseline] = correlations;
  const { seed } = experiment.training;
  return {
    method,
    samples: student.filter((each) => !Number.isNaN(each)).length,
    student: meanOf(student, seed),
    baseline: baseline ? meanOf(baseline, seed) : null,
    gain: baseline
      ? meanOf(
          student.map((each, index) => each - (baseline[index] ?? NaN)),
          seed,
        )
      : null,
  };
}

/** Mean of the values that are numbers, with its interval; null where there are none. */
function meanOf(values: Float64Array, seed: number): Interval | null {
  const sums = values.filter((value) => !Number.isNaN(value));
  const counts = sums.map(() => 1);
  return bootstrapDifference({ sums, counts }, { sums: sums.map(() => 0), counts }, randomOfIntervals(seed));
}
