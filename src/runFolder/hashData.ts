import { createHash, type Hash } from 'node:crypto';
import type { Split } from '../data/samples/split.ts';
import type { Targets } from '../data/targets.ts';
import { digestOnce } from '../teacher/cache/digestOnce.ts';

/**
 * SHA-256, in hexadecimal, of the samples of a split, as networks get them, and of what they are labelled with, in their order.
 *
 * @throws DistilleryError `CANCELLED` when the signal aborts
 */
export async function hashSplit(split: Split, sampleShape: readonly number[], signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256').update(await digestOnce(split, sampleShape, signal));
  addTargets(hash, split.targets);
  return hash.digest('hex');
}

/** SHA-256, in hexadecimal, of what the samples of a split are labelled with, in their order. */
export function hashLabels({ targets }: Pick<Split, 'targets'>): string {
  const hash = createHash('sha256');
  addTargets(hash, targets);
  return hash.digest('hex');
}

function addTargets(hash: Hash, targets: Targets): void {
  hash.update(`\n${targets.kind} ${'width' in targets ? targets.width : 1}\n`);
  switch (targets.kind) {
    case 'classes':
    case 'tokens':
      hash.update(bytesOf(targets.labels));
      break;
    case 'values':
      hash.update(bytesOf(targets.values));
      break;
    case 'samples':
    case 'none':
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Int32Array | Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
