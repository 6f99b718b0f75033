import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { openBuiltinDigits } from '../../../../../src/data/formats/digits/builtinDigits.ts';
import { selectSamples } from '../../../../../src/data/samples/selectSamples.ts';
import { digestSplit } from '../../../../../src/teacher/cache/digestSplit.ts';

const { signal } = new AbortController();

describe('the built-in digits', () => {
  const { training, test } = openBuiltinDigits();

  it('are told apart by which ones they are, without being drawn', async () => {
    const digest = (indices: readonly number[], of = training) =>
      digestSplit(selectSamples(of, Int32Array.from(indices)), [1, 28, 28], signal);
    const first = await digest([0, 1, 2]);
    assert.equal(await digest([0, 1, 2]), first);
    const others = await Promise.all([digest([0, 1, 3]), digest([2, 1, 0]), digest([0, 1]), digest([0, 1, 2], test)]);
    assert.equal(new Set([first, ...others]).size, 5);
  });

  it('are the ones that their number stands for', async () => {
    const values = new Float32Array(20 * 784);
    await training.read(
      Int32Array.from({ length: 20 }, (_, index) => 997 * index),
      values,
    );
    const bytes = Uint8Array.from(values, (value) => Math.round(255 * value));
    // Where this is no longer so, the number in their identity has to be raised with it.
    assert.equal(createHash('sha256').update(bytes).digest('hex').slice(0, 16), 'b1b5e025147119f8');
  });
});
