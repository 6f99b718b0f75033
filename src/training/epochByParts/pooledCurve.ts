import type { Quality } from '../../report/quality.ts';
import { leftOfOwn, sumEvidence, type SharesEvidence } from './sharesEvidence.ts';

/** How good a network is on samples that it did not learn. */
export interface PartQuality extends Quality {
  /** Given where what the network says may be drawn to the shares of the classes. */
  readonly evidence?: SharesEvidence | undefined;
}

/** How a training of a part went: how good it was after some of its steps on samples that it did not learn. */
export interface PartCurve {
  /** Samples that it was judged on. */
  readonly count: number;
  /** Ascending by steps; not empty. */
  readonly epochs: readonly (PartQuality & { readonly step: number })[];
}

/** An epoch, counted from 1, and how good those of all parts were about it, over all samples. */
export interface ChosenEpoch {
  readonly epoch: number;
  readonly quality: Quality;
  /** Share that is best left there of what the network says, above 0, at most 1; undefined where it is not to be drawn to the shares of the classes. */
  readonly own?: number | undefined;
}

/** Epochs whose steps are as many within this factor are one: what differs between them is chance. */
const ABOUT = 1.1;
/** Right decisions, of all samples, that an epoch may be behind by chance. */
const EQUAL = 1;

/**
 * The epoch after which networks that were trained on parts of the samples were best on the others, over all of these: by accuracy, and where that
 * is nearly the same or there is none, by loss, each averaged over epochs of about as many steps.
 *
 * @param ends steps after each epoch of the training that is to end with one of them, ascending
 */
export function chooseEpoch(parts: readonly PartCurve[], ends: readonly number[]): ChosenEpoch {
  const smooth = averagedAround(pooled(parts, ends), ends);
  const samples = parts.reduce((sum, { count }) => sum + count, 0);
  const most = Math.max(...smooth.map(({ accuracy }) => accuracy ?? 0));
  const candidates = smooth
    .map((quality, index) => ({ epoch: index + 1, quality }))
    .filter(({ quality }) => (quality.accuracy ?? 0) >= most - EQUAL / samples);
  const best = candidates.reduce((one, each) => (each.quality.loss < one.quality.loss ? each : one));
  const evidence = evidenceAround(parts, ends[best.epoch - 1] ?? 0);
  return { ...best, ...(evidence && { own: leftOfOwn(evidence) }) };
}

/** Of all samples, on average over the epochs of about as many steps; undefined where a part has none. */
function evidenceAround(parts: readonly PartCurve[], step: number): SharesEvidence | undefined {
  const sums = parts.map(({ epochs }) => {
    const around = epochs.filter((each) => each.step * ABOUT >= step && each.step <= step * ABOUT);
    const known = (around.length > 0 ? around : epochs.slice(-1)).flatMap(({ evidence }) => evidence ?? []);
    return known.length > 0 ? sumEvidence(known, 1 / known.length) : undefined;
  });
  const known = sums.filter((sum) => sum !== undefined);
  return known.length === parts.length ? sumEvidence(known, 1) : undefined;
}

/** Of all parts together, each as it was after as many steps or the last time before. */
function pooled(parts: readonly PartCurve[], ends: readonly number[]): Quality[] {
  const isCounted = parts.every(({ epochs }) => epochs.every(({ accuracy }) => accuracy !== null));
  const places = parts.map(() => 0);
  return ends.map((step) => {
    let [samples, right, loss] = [0, 0, 0];
    parts.forEach(({ count, epochs }, part) => {
      let place = places[part] ?? 0;
      while ((epochs[place + 1]?.step ?? Infinity) <= step) place++;
      places[part] = place;
      const latest = epochs[place];
      if (!latest) return;
      samples += count;
      loss += count * latest.loss;
      right += count * (latest.accuracy ?? 0);
    });
    return { accuracy: isCounted ? right / samples : null, loss: loss / samples };
  });
}

function averagedAround(qualities: readonly Quality[], ends: readonly number[]): Quality[] {
  const isCounted = qualities.every(({ accuracy }) => accuracy !== null);
  const [accuracies, losses] = [
    runningSums(qualities.map(({ accuracy }) => accuracy ?? 0)),
    runningSums(qualities.map(({ loss }) => loss)),
  ];
  let [first, end] = [0, 0];
  return ends.map((step) => {
    while ((ends[first] ?? Infinity) * ABOUT < step) first++;
    while ((ends[end] ?? Infinity) <= step * ABOUT) end++;
    const mean = (sums: Float64Array): number => ((sums[end] ?? 0) - (sums[first] ?? 0)) / (end - first);
    return { accuracy: isCounted ? mean(accuracies) : null, loss: mean(losses) };
  });
}

/** Before each of the values, and after all. */
function runningSums(values: readonly number[]): Float64Array {
  const sums = new Float64Array(values.length + 1);
  values.forEach((value, index) => {
    sums[index + 1] = (sums[index] ?? 0) + value;
  });
  return sums;
}
