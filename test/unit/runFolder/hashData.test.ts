import assert from 'node:assert/strict';
import type { Split } from '../../../src/data/samples/split.ts';
import { FloatSamples } from '../../../src/data/samples/floatSamples.ts';
import type { Targets } from '../../../src/data/targets.ts';
import { DistilleryError } from '../../../src/errors.ts';
import { hashSplit } from '../../../src/runFolder/hashData.ts';

const { signal } = new AbortController();
const hash = (split: Split): Promise<string> => hashSplit(split, [2], signal);
const split = (values: readonly number[], targets: Targets): Split =>
  new FloatSamples(Float32Array.from(values), targets, values.length / 2);
const classes = (...labels: number[]): Targets => ({ kind: 'classes', labels: Int32Array.from(labels) });

describe('the hash of the data', () => {
  it('is the same for the same samples with the same labels', async () => {
    const made = () => split([1, 2, 3, 4], classes(0, 1));
    assert.equal(await hash(made()), await hash(made()));
    assert.match(await hash(made()), /^[0-9a-f]{64}$/);
  });

  it('changes with a sample, a label, the order, and what labels mean', async () => {
    const others: readonly Split[] = [
      split([1, 2, 3, 4], classes(0, 1)),
      split([1, 2, 3, 5], classes(0, 1)),
      split([1, 2, 3, 4], classes(0, 0)),
      split([3, 4, 1, 2], classes(1, 0)),
      split([1, 2, 3, 4], { kind: 'none' }),
      split([1, 2, 3, 4], { kind: 'samples' }),
      split([1, 2, 3, 4], { kind: 'values', values: Float32Array.of(0, 1), width: 1 }),
      split([1, 2, 3, 4], { kind: 'tokens', labels: Int32Array.of(0, 1), width: 1 }),
      split([1, 2, 3, 4], { kind: 'tokens', labels: Int32Array.of(0, 1, -1, -1), width: 2 }),
    ];
    assert.equal(new Set(await Promise.all(others.map(hash))).size, others.length);
  });

  it('reads a split once, but again after it was stopped', async () => {
    let reads = 0;
    const counted: Split = {
      count: 3,
      targets: { kind: 'none' },
      read: () => {
        reads++;
        return Promise.resolve();
      },
    };
    await assert.rejects(hashSplit(counted, [2], AbortSignal.abort()), (error) => {
      return error instanceof DistilleryError && error.code === 'CANCELLED';
    });
    assert.equal(await hash(counted), await hash(counted));
    assert.equal(reads, 1);
  });
});
