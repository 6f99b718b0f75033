import type { FitTargets } from '../fitData.ts';
import { minimize } from './minimize.ts';

/** Log-odds of a class from its score: slope · score + offset. */
export interface Calibration {
  readonly slope: number;
  readonly offset: number;
}

/**
 * Platt's scaling (1999) of the scores of one class against the rest, with his targets, which are never 0 or 1. Where it would turn the scores
 * round, or there is nothing to learn from, they are taken as they are.
 *
 * @param scores of rows that were not learned from
 * @param index of the class
 */
export async function calibrate(
  scores: Float64Array,
  { values, width }: FitTargets,
  index: number,
  pause: () => Promise<void>,
): Promise<Calibration> {
  const unchanged = { slope: 1, offset: 0 };
  let within = 0;
  for (let row = 0; row < scores.length; row++) within += values[row * width + index] ?? 0;
  const others = scores.length - within;
  if (within < 1 || others < 1) return unchanged;
  const [high, low] = [(within + 1) / (within + 2), 1 / (others + 2)];
  const at = Float64Array.of(1, 0);
  await minimize(
    (parameters, gradient) => {
      const [slope = 0, offset = 0] = parameters;
      gradient.fill(0);
      let loss = 0;
      scores.forEach((score, row) => {
        const share = values[row * width + index] ?? 0;
        const target = share * high + (1 - share) * low;
        const odds = slope * score + offset;
        loss += Math.max(odds, 0) + Math.log1p(Math.exp(-Math.abs(odds))) - target * odds;
        const error = 1 / (1 + Math.exp(-odds)) - target;
        gradient[0] = (gradient[0] ?? 0) + error * score;
        gradient[1] = (gradient[1] ?? 0) + error;
      });
      return loss;
    },
    at,
    { iterations: 200, tolerance: 1e-6, pause },
  );
  const [slope = 0, offset = 0] = Float32Array.from(at);
  return slope > 0 && Number.isFinite(offset) ? { slope, offset } : unchanged;
}
