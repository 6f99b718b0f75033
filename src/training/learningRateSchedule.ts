/** How the learning rate changes over a run. */
export interface Schedule {
  readonly schedule: 'constant' | 'cosine' | 'step' | 'one-cycle';
  readonly learningRate: number;
  /** Fraction of the steps over which the rate rises linearly from 0; with `one-cycle` the length of its rise. */
  readonly warmup: number;
  /** Of `cosine` and `one-cycle`: the fraction of the rate that is left at the end; by default 0. */
  readonly finalFraction?: number | undefined;
  /** Of `step`: fractions of the steps at each of which the rate is multiplied by `gamma`; by default 0.5 and 0.75. */
  readonly milestones?: readonly number[] | undefined;
  /** Of `step`; by default 0.1. */
  readonly gamma?: number | undefined;
}

/** The rise of one-cycle when no warm-up is asked for (arXiv 1708.07120), and how far below the peak it starts. */
const ONE_CYCLE_RISE = 0.3;
const ONE_CYCLE_START = 1 / 25;

/**
 * The learning rate at a step.
 * - `cosine` (arXiv 1608.03983): half a cosine from the full rate to the final one;
 * - `step`: multiplied by `gamma` at every milestone;
 * - `one-cycle`: from 1/25 of the rate up to it over the warm-up or the first 30 %, then down to the final rate, both
 *   along a cosine.
 *
 * @param step 0 … steps − 1, not always whole
 */
export function learningRateAt(options: Schedule, step: number, steps: number): number {
  const { schedule, learningRate, warmup, finalFraction = 0, milestones = [0.5, 0.75], gamma = 0.1 } = options;
  const progress = step / Math.max(1, steps);
  // Of a plan that is gone through faster a step may stand between two of it.
  if (schedule !== 'one-cycle' && progress < warmup)
    return learningRate * Math.min(1, (step + 1) / Math.ceil(warmup * steps));
  const fall = (from: number): number =>
    learningRate * (finalFraction + (1 - finalFraction) * half((progress - from) / (1 - from)));
  switch (schedule) {
    case 'constant':
      return learningRate;
    case 'cosine':
      return fall(warmup);
    case 'step':
      return learningRate * gamma ** milestones.filter((milestone) => progress >= milestone).length;
    case 'one-cycle': {
      const rise = warmup > 0 ? warmup : ONE_CYCLE_RISE;
      return progress < rise
        ? learningRate * (ONE_CYCLE_START + (1 - ONE_CYCLE_START) * (1 - half(progress / rise)))
        : fall(rise);
    }
  }
}

/** Half a cosine: 1 at 0, 0 at 1. */
function half(progress: number): number {
  return (1 + Math.cos(Math.PI * progress)) / 2;
}
