import assert from 'node:assert/strict';
import { randomStream } from '../../../../src/data/random.ts';
import { clusterOutputs, replaceByCentres } from '../../../../src/teacher/targets/clusterOutputs.ts';

const random = (seed: number) => randomStream(seed, 'clusters');

describe('clustered targets', () => {
  // Three groups of two rows.
  const outputs = Float32Array.of(0, 1, 0, 3, 10, 0, 12, 0, -20, 5, -20, 7);

  it('are the means of the groups, whatever the seed', () => {
    for (const seed of [0, 1, 2, 3, 4]) {
      const centres = clusterOutputs(outputs, 2, 3, random(seed));
      const replaced = [...replaceByCentres(outputs, centres, 2)];
      assert.deepEqual(replaced, [0, 2, 0, 2, 11, 0, 11, 0, -20, 6, -20, 6]);
    }
  });

  it('are the mean of all rows with one cluster, and the rows themselves with as many as there are', () => {
    assert.deepEqual([...clusterOutputs(Float32Array.of(1, 2, 3, 6), 2, 1, random(0))], [2, 4]);
    assert.deepEqual(replaceByCentres(outputs, clusterOutputs(outputs, 2, 6, random(0)), 2), outputs);
  });

  it('are the same for the same seed', () => {
    const noise = random(9);
    const table = Float32Array.from({ length: 300 }, () => noise.normal());
    const centres = clusterOutputs(table, 3, 7, random(5));
    assert.deepEqual(clusterOutputs(table, 3, 7, random(5)), centres);
    assert.notDeepEqual(clusterOutputs(table, 3, 7, random(6)), centres);
  });

  it('leave every row with the centre nearest to it, and every centre at the mean of its rows', () => {
    const noise = random(10);
    const table = Float32Array.from({ length: 400 }, () => noise.normal());
    const centres = clusterOutputs(table, 2, 5, random(0));
    const sums = Array.from({ length: 5 }, () => [0, 0, 0]);
    for (let row = 0; row < 200; row++) {
      const distances = [0, 1, 2, 3, 4].map((index) =>
        Math.hypot(centres[index * 2]! - table[row * 2]!, centres[index * 2 + 1]! - table[row * 2 + 1]!),
      );
      const sum = sums[distances.indexOf(Math.min(...distances))]!;
      sum[0]! += table[row * 2]!;
      sum[1]! += table[row * 2 + 1]!;
      sum[2]!++;
    }
    sums.forEach(([x = 0, y = 0, count = 0], index) => {
      assert.ok(
        Math.abs(x / count - centres[index * 2]!) < 1e-5 && Math.abs(y / count - centres[index * 2 + 1]!) < 1e-5,
      );
    });
  });

  it('refuse more clusters than there are different rows', () => {
    assert.throws(() => clusterOutputs(Float32Array.of(1, 2, 1, 2, 3, 4), 2, 3, random(0)), {
      code: 'BAD_INPUT',
      message: /cannot make 3 clusters: only 2 differ/,
    });
  });
});
