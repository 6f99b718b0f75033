import assert from 'node:assert/strict';
import { joinSplits } from '../../../../src/data/unlabelled/joinSplits.ts';
import { missingLabels } from '../../../../src/data/unlabelled/missingLabels.ts';
import { NO_LABEL } from '../../../../src/data/unlabelled/noLabel.ts';
import { ByteSamples } from '../../../../src/data/samples/byteSamples.ts';
import { FloatSamples } from '../../../../src/data/samples/floatSamples.ts';
import type { Split } from '../../../../src/data/samples/split.ts';
import { writeTargets, type Targets } from '../../../../src/data/targets.ts';
import { readSamples } from '../../../support/datasets.ts';

const classes: Targets = { kind: 'classes', labels: Int32Array.of(1, 0) };
const labelled = new FloatSamples(Float32Array.of(1, 2, 3, 4), classes, 2);
const further = new FloatSamples(Float32Array.of(5, 6, 7, 8, 9, 10), missingLabels(3, classes), 3);

describe('joined splits', () => {
  it('give the samples of each in whatever order they are asked for', async () => {
    const joined = joinSplits([labelled, further]);
    assert.equal(joined.count, 5);
    assert.deepEqual([...(await readSamples(joined, [4, 0, 2, 1, 4], 2))], [9, 10, 1, 2, 5, 6, 3, 4, 9, 10]);
  });

  it('have labels where there are some, and say where there are none', () => {
    const { targets } = joinSplits([labelled, further]);
    const written = new Float32Array(6);
    writeTargets(targets, 3, [0, 3], written);
    const none = Math.fround(NO_LABEL);
    assert.deepEqual([...written], [0, 1, 0, none, none, none]);
  });

  it('of numbers and of tokens lack labels in the same way', () => {
    const none = Math.fround(NO_LABEL);
    const numbers: Targets = { kind: 'values', values: Float32Array.of(1, 2), width: 2 };
    const rows = new Float32Array(2);
    writeTargets(missingLabels(1, numbers), 0, [0], rows);
    assert.deepEqual([...rows], [none, none]);
    // Padding counts for nothing and is not the same as a word whose class is not known.
    const tokens: Targets = { kind: 'tokens', labels: Int32Array.of(1, -1, -2), width: 3 };
    const written = new Float32Array(6);
    writeTargets(tokens, 2, [0], written);
    assert.deepEqual([...written], [0, 1, 0, 0, none, none]);
  });

  it('are told apart by samples and order', async () => {
    const bytes = (value: number): Split => new ByteSamples(Uint8Array.of(value, value), classes, 1);
    const joined = joinSplits([bytes(1), bytes(2)]);
    const identify = async (...indices: number[]): Promise<string> => (await joined.identify?.(indices)) ?? '';
    assert.equal(await identify(0, 1, 2, 3), await identify(0, 1, 2, 3));
    assert.notEqual(await identify(0, 1, 2, 3), await identify(2, 3, 0, 1));
    assert.notEqual(await identify(0, 2), await identify(0, 1));
    assert.equal(joinSplits([labelled, further]).identify, undefined);
  });

  it('tell each what will be read of it', () => {
    const told: number[][] = [];
    const streamed: Split = {
      count: 3,
      targets: further.targets,
      read: () => Promise.resolve(),
      stream: { announce: (indices) => told.push([...Array.from(indices)]) },
    };
    joinSplits([labelled, streamed]).stream?.announce(Int32Array.of(4, 0, 2));
    assert.deepEqual(told, [[2, 0]]);
  });
});
