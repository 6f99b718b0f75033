import assert from 'node:assert/strict';
import { ByteSamples } from '../../../../src/data/samples/byteSamples.ts';
import { normalizeSplit } from '../../../../src/data/normalization.ts';
import { selectSamples } from '../../../../src/data/samples/selectSamples.ts';
import { digestSplit } from '../../../../src/teacher/cache/digestSplit.ts';

const { signal } = new AbortController();
const SHAPE = [1, 2, 1];

function samples(...bytes: number[]): ByteSamples {
  return new ByteSamples(Uint8Array.from(bytes), { kind: 'none' }, 2);
}

describe('samples that are bytes', () => {
  const split = samples(0, 51, 102, 153, 204, 255, 1, 2);
  const digest = (indices: readonly number[], of = split) =>
    digestSplit(selectSamples(of, Int32Array.from(indices)), SHAPE, signal);

  it('are read as 0…1, in any order and repeated', async () => {
    const values = new Float32Array(6);
    await split.read([2, 0, 2], values);
    assert.deepEqual(values, Float32Array.of(0.8, 1, 0, 0.2, 0.8, 1));
  });

  it('are told apart by their bytes and their order, wherever they lie', async () => {
    const first = await digest([0, 1, 3]);
    assert.equal(await digest([1, 2, 0], samples(1, 2, 0, 51, 102, 153)), first);
    const others = await Promise.all([
      digest([0, 1, 2]),
      digest([1, 0, 3]),
      digest([3, 0, 1]),
      digest([0, 1]),
      digest([0, 1, 3, 3]),
      digest([0, 1, 3], samples(0, 51, 102, 154, 204, 255, 1, 2)),
    ]);
    assert.equal(new Set([first, ...others]).size, 7);
  });

  it('are told apart by their normalisation without being read', async () => {
    const counted = samples(0, 51, 102, 153);
    let reads = 0;
    counted.read = () => {
      reads++;
      return Promise.resolve();
    };
    const statistics = [
      undefined,
      { mean: [0.1], std: [0.3] },
      { mean: [0.1], std: [0.4] },
      { mean: [0.2], std: [0.3] },
    ];
    const digests = await Promise.all(
      statistics.map((applied) => digestSplit(normalizeSplit(counted, applied), SHAPE, signal)),
    );
    assert.equal(new Set(digests).size, 4);
    assert.equal(reads, 0);
  });
});
