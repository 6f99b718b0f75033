import type { Answer, Disagreement } from '../../report/quality.ts';
import { likeliest } from '../quality/classDecisions.ts';

/** Samples that are shown. */
const SHOWN = 12;

/** A disagreement before anybody has looked up the sample. */
export type FoundDisagreement = Omit<Disagreement, 'shown'>;

/**
 * The samples whose class student and teacher see differently, the farthest apart first.
 *
 * @param teacher probabilities, row-major [samples, classes]
 * @param divergences of every sample
 */
export function classDisagreements(
  {
    teacher,
    student,
    labels,
  }: { readonly teacher: Float64Array; readonly student: Float64Array; readonly labels: Int32Array },
  classes: number,
  divergences: Float64Array,
): readonly FoundDisagreement[] {
  const answer = (probabilities: Float64Array, sample: number): Extract<Answer, { kind: 'class' }> => {
    const row = probabilities.subarray(sample * classes, (sample + 1) * classes);
    const chosen = likeliest(row) ?? -1;
    return { kind: 'class', class: chosen, probability: row[chosen] ?? NaN };
  };
  return farthest(divergences, (sample) => answer(teacher, sample).class !== answer(student, sample).class).map(
    (sample) => ({
      sample,
      truth: { class: labels[sample] ?? -1 },
      teacher: answer(teacher, sample),
      student: answer(student, sample),
      distance: divergences[sample] ?? NaN,
    }),
  );
}

/** How a predicted number is brought back to its own unit: value · std + mean. */
export interface Scale {
  readonly mean: number;
  readonly std: number;
}

/** The samples for which student and teacher predict the most different numbers. @param scales of the targets */
export function valueDisagreements(
  {
    teacher,
    student,
    truth,
  }: { readonly teacher: Float32Array; readonly student: Float32Array; readonly truth: Float32Array },
  scales: readonly Scale[],
): readonly FoundDisagreement[] {
  const width = scales.length;
  const distances = new Float64Array(truth.length / width);
  teacher.forEach((value, index) => {
    const sample = Math.floor(index / width);
    distances[sample] = Math.max(distances[sample] ?? 0, Math.abs(value - (student[index] ?? NaN)));
  });
  const values = (scaled: Float32Array, sample: number): number[] =>
    scales.map(({ mean, std }, column) => (scaled[sample * width + column] ?? NaN) * std + mean);
  return farthest(distances, (sample) => (distances[sample] ?? 0) > 0).map((sample) => ({
    sample,
    truth: { values: values(truth, sample) },
    teacher: { kind: 'values', values: values(teacher, sample) },
    student: { kind: 'values', values: values(student, sample) },
    distance: distances[sample] ?? NaN,
  }));
}

function farthest(distances: Float64Array, differs: (sample: number) => boolean): readonly number[] {
  return Array.from(distances.keys())
    .filter((sample) => Number.isFinite(distances[sample]) && differs(sample))
    .sort((one, other) => (distances[other] ?? 0) - (distances[one] ?? 0))
    .slice(0, SHOWN);
}
