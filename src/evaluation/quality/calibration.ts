import type { ReliabilityBin } from '../../report/quality.ts';

/** Bins of the reliability diagram and the calibration error. */
const BINS = 15;

/**
 * Calibration of decisions: bins of equal width by confidence, and the expected calibration error (Guo et al., arXiv 1706.04599).
 *
 * @param confidences 0…1 of every decision; one that is not a number is left out
 * @param right 1 where the decision is right, else 0
 */
export function calibration(
  confidences: Float64Array,
  right: Uint8Array,
): { readonly calibrationError: number; readonly reliability: readonly ReliabilityBin[] } {
  const decisions = new Float64Array(BINS);
  const confidence = new Float64Array(BINS);
  const accuracy = new Float64Array(BINS);
  let counted = 0;
  confidences.forEach((value, index) => {
    if (Number.isNaN(value)) return;
    const bin = Math.min(BINS - 1, Math.floor(value * BINS));
    decisions[bin] = (decisions[bin] ?? 0) + 1;
    confidence[bin] = (confidence[bin] ?? 0) + value;
    accuracy[bin] = (accuracy[bin] ?? 0) + (right[index] ?? 0);
    counted++;
  });
  let distance = 0;
  const reliability = Array.from(decisions, (count, bin): ReliabilityBin => {
    if (count === 0) return { decisions: 0, confidence: null, accuracy: null };
    const [said, was] = [confidence[bin] ?? NaN, accuracy[bin] ?? NaN];
    distance += Math.abs(said - was);
    return { decisions: count, confidence: said / count, accuracy: was / count };
  });
  return { calibrationError: counted === 0 ? 0 : distance / counted, reliability };
}
