import type { Decisions } from '../../report/quality.ts';
import { calibration } from './calibration.ts';
import { labelProbabilities } from './probabilities.ts';
import { meanArea, rankingOf } from './ranking.ts';
import { macroAverage, microAverage, retrievalOf, type Counts } from './retrieval.ts';

/**
 * Figures of decisions for any number of classes, each taken at probability ½, as scikit-learn defines them. What is
 * calibrated is the probability of belonging to a class.
 *
 * @param outputs row-major [samples, classes]
 * @param labels the same, 0 or 1
 */
export function labelDecisions(
  outputs: Float32Array,
  labels: Float32Array,
  classes: number,
  kind: 'logits' | 'probabilities',
): Decisions {
  const probabilities = labelProbabilities(outputs, kind);
  const belongs = Uint8Array.from(labels, (label) => (label > 0.5 ? 1 : 0));
  const counts = Array.from({ length: classes }, (_, index): Counts => {
    let [actual, chosen, right] = [0, 0, 0];
    for (let position = index; position < labels.length; position += classes) {
      const [truth, decided] = [belongs[position] === 1, (probabilities[position] ?? NaN) > 0.5];
      if (truth) actual++;
      if (decided) chosen++;
      if (truth && decided) right++;
    }
    return { actual, chosen, right };
  });
  const scores = new Float64Array(labels.length / classes);
  const ofClass = new Uint8Array(scores.length);
  const qualities = counts.map((each, index) => {
    for (let sample = 0; sample < scores.length; sample++) {
      scores[sample] = probabilities[sample * classes + index] ?? NaN;
      ofClass[sample] = belongs[sample * classes + index] ?? 0;
    }
    return { samples: each.actual, ...retrievalOf(each), ...rankingOf(scores, ofClass) };
  });
  return {
    topFive: null,
    balancedAccuracy: null,
    macro: macroAverage(counts),
    micro: microAverage(counts),
    areaUnderCurve: meanArea(qualities),
    ...calibration(probabilities, belongs),
    classes: qualities,
    confusion: null,
  };
}
