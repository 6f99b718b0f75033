import type { Decisions } from '../../report/quality.ts';
import { calibration } from './calibration.ts';
import { mean } from './mean.ts';
import { classProbabilities } from './probabilities.ts';
import { meanArea, rankingOf } from './ranking.ts';
import { macroAverage, microAverage, retrievalOf, type Counts } from './retrieval.ts';

/** More classes than these make a matrix that nobody reads. */
const MOST_IN_CONFUSION = 100;
/** Fewer classes than these are not worth a share of the five likeliest. */
const FEWEST_FOR_TOP_FIVE = 6;

/**
 * Figures of decisions for one of several classes, as scikit-learn defines them. A sample whose outputs are not numbers is
 * decided for no class.
 *
 * @param outputs row-major [samples, classes]
 * @param labels class index of every sample
 */
export function classDecisions(
  outputs: Float32Array,
  labels: Int32Array,
  classes: number,
  kind: 'logits' | 'probabilities',
): Decisions {
  const probabilities = classProbabilities(outputs, classes, kind);
  // A matrix of many classes would take gigabytes.
  const confusion =
    classes > MOST_IN_CONFUSION ? null : Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  const chosenAs = new Float64Array(classes);
  const rightAs = new Float64Array(classes);
  const confidences = new Float64Array(labels.length).fill(NaN);
  const right = new Uint8Array(labels.length);
  let amongFive = 0;
  labels.forEach((label, sample) => {
    const row = probabilities.subarray(sample * classes, (sample + 1) * classes);
    const chosen = likeliest(row);
    if (chosen === undefined) return;
    const counts = confusion?.[label];
    if (counts) counts[chosen] = (counts[chosen] ?? 0) + 1;
    confidences[sample] = row[chosen] ?? NaN;
    chosenAs[chosen] = (chosenAs[chosen] ?? 0) + 1;
    if (chosen === label) {
      right[sample] = 1;
      rightAs[label] = (rightAs[label] ?? 0) + 1;
    }
    // Probabilities of unlikely classes are all 0 where logits still tell them apart.
    if (rankOf(label, outputs.subarray(sample * classes, (sample + 1) * classes)) < 5) amongFive++;
  });
  const actual = new Float64Array(classes);
  for (const label of labels) actual[label] = (actual[label] ?? 0) + 1;
  const counts = Array.from(actual, (samples, index): Counts => ({
    actual: samples,
    chosen: chosenAs[index] ?? 0,
    right: rightAs[index] ?? 0,
  }));
  const scores = new Float64Array(labels.length);
  const belongs = new Uint8Array(labels.length);
  const qualities = counts.map((each, index) => {
    for (let sample = 0; sample < scores.length; sample++) {
      scores[sample] = probabilities[sample * classes + index] ?? NaN;
      belongs[sample] = labels[sample] === index ? 1 : 0;
    }
    return { samples: each.actual, ...retrievalOf(each), ...rankingOf(scores, belongs) };
  });
  return {
    topFive: classes < FEWEST_FOR_TOP_FIVE ? null : amongFive / labels.length,
    balancedAccuracy: mean(counts.filter((each) => each.actual > 0).map((each) => each.right / each.actual)),
    macro: macroAverage(counts.filter((each) => each.actual + each.chosen > 0)),
    micro: microAverage(counts),
    areaUnderCurve: meanArea(qualities),
    ...calibration(confidences, right),
    classes: qualities,
    confusion,
  };
}

/** Index of the largest element, the first among equals; undefined when one is not a number. */
export function likeliest(row: Float64Array): number | undefined {
  let best = 0;
  for (let index = 0; index < row.length; index++) {
    const value = row[index] ?? NaN;
    if (Number.isNaN(value)) return undefined;
    if (value > (row[best] ?? NaN)) best = index;
  }
  return best;
}

/** How many classes come before this one. */
function rankOf(label: number, row: Float32Array): number {
  const own = row[label] ?? NaN;
  return row.reduce((rank, value, index) => (value > own || (value === own && index < label) ? rank + 1 : rank), 0);
}
