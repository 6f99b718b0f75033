import assert from 'node:assert/strict';
import { buildRkdLoss } from '../../../../src/objectives/losses/rkd.ts';
import { arrayOf, type NumberArray } from '../../../support/reference/array.ts';
import { dot, mean, norm } from './byHand.ts';
import { assertFinite, checkLoss, randomArray, rowsOf, runLoss, type Arrays, type Build } from './lossCheck.ts';

const build =
  (distance: number, angle: number): Build =>
  (graph, { student, teacher }) =>
    buildRkdLoss(graph, student!, teacher!, { distance, angle });

const huber = (x: number): number => (Math.abs(x) < 1 ? x ** 2 / 2 : Math.abs(x) - 0.5);
const minus = (a: readonly number[], b: readonly number[]): number[] => a.map((value, index) => value - b[index]!);

/** Distances of all pairs, divided by the mean of the positive ones. */
function distances(samples: NumberArray): number[] {
  const rows = rowsOf(samples);
  const all = rows.flatMap((a) => rows.map((b) => norm(minus(a, b))));
  const typical = mean(all.filter((value) => value > 0));
  return all.map((value) => value / typical);
}

/** Cosines of the angles at every sample between every two. */
function angles(samples: NumberArray): number[] {
  const rows = rowsOf(samples);
  const cosine = (a: readonly number[], b: readonly number[]): number =>
    norm(a) > 0 && norm(b) > 0 ? dot(a, b) / (norm(a) * norm(b)) : 0;
  return rows.flatMap((at) => rows.flatMap((b) => rows.map((c) => cosine(minus(b, at), minus(c, at)))));
}

function byHand({ student, teacher }: Arrays, distance: number, angle: number): number {
  const compare = (relation: (samples: NumberArray) => number[]): number => {
    const target = relation(teacher!);
    return mean(relation(student!).map((value, index) => huber(value - target[index]!)));
  };
  return distance * compare(distances) + angle * compare(angles);
}

describe('rkd', () => {
  const inputs = { student: randomArray([4, 3], 32), teacher: randomArray([4, 5], 33) };

  for (const [distance, angle] of [
    [25, 0],
    [0, 50],
    [1, 2],
  ] as const) {
    it(`equals the definition with distance ${distance} and angle ${angle}, whatever the widths`, () =>
      checkLoss({
        inputs,
        build: build(distance, angle),
        byHand: (arrays) => byHand(arrays, distance, angle),
      }));
  }

  it('takes features of any shape as points', () =>
    checkLoss({
      inputs: { student: randomArray([3, 2, 2, 1], 34), teacher: randomArray([3, 2], 35) },
      build: build(1, 1),
      byHand: (arrays) => byHand(arrays, 1, 1),
    }));

  it('reaches the straight part of the Huber loss', () => {
    // One sample far off: its distances are far above the mean of the student's and not of the teacher's.
    const student = arrayOf([5, 2], [0, 0, 0, 0.125, 0.125, 0, 0.25, 0, 64, 64]);
    return checkLoss({
      inputs: { student, teacher: arrayOf([5, 2], [0, 0, 0, 1, 1, 0, 1, 1, 0.5, 0.25]) },
      build: build(1, 0),
      byHand: (arrays) => byHand(arrays, 1, 0),
    });
  });

  it('does not see rotation, shift and scale', async () => {
    const turned = rowsOf(inputs.student).flatMap(([x = 0, y = 0, z = 0]) => [2 * y + 1, -2 * x + 5, 2 * z]);
    const { loss } = await runLoss({ student: arrayOf([4, 3], turned), teacher: inputs.student }, build(1, 1));
    assert.ok(loss < 1e-10);
  });

  it('has a finite gradient where samples coincide', async () => {
    const student = arrayOf([3, 2], [1, 2, 1, 2, 3, 1]);
    const teacher = arrayOf([3, 2], [0, 2, 1, 2, 3, 1]);
    const result = await runLoss({ student, teacher }, build(1, 1));
    assertFinite(result, 10);
    assert.ok(Math.abs(result.loss - byHand({ student, teacher }, 1, 1)) < 1e-5);
  });

  it('has no gradient where all samples coincide', async () => {
    const student = arrayOf([3, 2], [1, 2, 1, 2, 1, 2]);
    const result = await runLoss({ student, teacher: randomArray([3, 2], 36) }, build(1, 1));
    assertFinite(result);
    assert.ok(result.gradient.every((value) => value === 0));
  });

  it('stays finite for features of ±10 000', async () => {
    const student = randomArray([4, 3], 37, 1e4);
    assertFinite(await runLoss({ student, teacher: inputs.teacher }, build(25, 50)), 1);
  });
});
