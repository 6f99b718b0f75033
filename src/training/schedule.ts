/** How the learning rate changes over a run. */
export interface Schedule {
  readonly schedule: 'constant' | 'cosine' | 'step' | 'one-cycle';
  readonly learningRate: number;
  /** Fraction of the steps over which the rate rises linearly from 0 (one-cycle brings its own rise). */
  readonly warmup: number;
}

/** Where one-cycle peaks (arXiv 1708.07120), and how far below the peak it starts. */
const ONE_CYCLE_RISE = 0.3;
const ONE_CYCLE_START = 1 / 25;

/**
 * The learning rate at a step.
 * - `cosine` (arXiv 1608.03983): half a cosine from the full rate to 0;
 * - `step`: a tenth after half, a hundredth after three quarters of the steps;
 * - `one-cycle`: from 1/25 of the rate up to it over the first 30 %, then down to 0, both along a cosine.
 *
 * @param step 0 … steps − 1
 */
export function learningRateAt({ schedule, learningRate, warmup }: Schedule, step: number, steps: number): number {
  const progress = step / Math.max(1, steps);
  if (schedule !== 'one-cycle' && progress < warmup) return (learningRate * (step + 1)) / Math.ceil(warmup * steps);
  switch (schedule) {
    case 'constant':
      return learningRate;
    case 'cosine':
      return learningRate * half((progress - warmup) / (1 - warmup));
    case 'step':
      return learningRate * (progress < 0.5 ? 1 : progress < 0.75 ? 0.1 : 0.01);
    case 'one-cycle':
      return progress < ONE_CYCLE_RISE
        ? learningRate * (ONE_CYCLE_START + (1 - ONE_CYCLE_START) * (1 - half(progress / ONE_CYCLE_RISE)))
        : learningRate * half((progress - ONE_CYCLE_RISE) / (1 - ONE_CYCLE_RISE));
  }
}

/** Half a cosine: 1 at 0, 0 at 1. */
function half(progress: number): number {
  return (1 + Math.cos(Math.PI * progress)) / 2;
}
