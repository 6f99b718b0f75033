import { randomStream, type Random } from '../data/random.ts';

/** Decides in which order a training sees the samples. */
export function orderOfSamples(seed: number): Random {
  return randomStream(seed, 'order of samples');
}
