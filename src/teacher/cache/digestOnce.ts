import type { Split } from '../../data/samples/split.ts';
import { digestSplit } from './digestSplit.ts';

const digests = new WeakMap<Split, Promise<string>>();

/** `digestSplit` of a split, which is computed once and kept for as long as the split is. */
export function digestOnce(split: Split, sampleShape: readonly number[], signal: AbortSignal): Promise<string> {
  const known = digests.get(split);
  if (known) return known;
  const digest = digestSplit(split, sampleShape, signal);
  digests.set(split, digest);
  digest.catch(() => digests.delete(split));
  return digest;
}
