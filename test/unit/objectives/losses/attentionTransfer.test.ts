import assert from 'node:assert/strict';
import { buildAttentionTransfer } from '../../../../src/objectives/losses/attentionTransfer.ts';
import { arrayOf, at, type NumberArray } from '../../../support/reference/array.ts';
import { mean, norm } from './byHand.ts';
import { assertFinite, checkLoss, randomArray, runLoss, type Build } from './lossCheck.ts';

const build =
  (power: number): Build =>
  (graph, { student, teacher }) =>
    buildAttentionTransfer(graph, student!, teacher!, power);

/** Q of one sample. */
function attention(map: NumberArray, sample: number, power: number): number[] {
  const [, channels = 0, height = 0, width = 0] = map.shape;
  const q: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let total = 0;
      for (let c = 0; c < channels; c++) total += Math.abs(at(map, [sample, c, y, x])) ** power;
      q.push(total / channels);
    }
  }
  const length = norm(q);
  return q.map((value) => value / length);
}

function byHand(student: NumberArray, teacher: NumberArray, power: number): number {
  const squares = [0, 1].flatMap((sample) => {
    const target = attention(teacher, sample, power);
    return attention(student, sample, power).map((value, index) => (value - target[index]!) ** 2);
  });
  return mean(squares);
}

/** Every 2×2 block of each map of 4×4 replaced by its mean. */
function halved(map: NumberArray): NumberArray {
  const [batch = 0, channels = 0] = map.shape;
  const data: number[] = [];
  for (let b = 0; b < batch; b++) {
    for (let c = 0; c < channels; c++) {
      for (const y of [0, 2]) {
        for (const x of [0, 2]) {
          data.push(mean([0, 1].flatMap((dy) => [0, 1].map((dx) => at(map, [b, c, y + dy, x + dx])))));
        }
      }
    }
  }
  return arrayOf([batch, channels, 2, 2], data);
}

describe('attention transfer', () => {
  const student = randomArray([2, 2, 2, 2], 28);
  const teacher = randomArray([2, 3, 2, 2], 29);

  for (const power of [2, 1, 3, 4]) {
    it(`equals the definition with the power ${power}, whatever the numbers of channels`, () =>
      checkLoss({
        inputs: { student, teacher },
        build: build(power),
        byHand: (arrays) => byHand(arrays.student!, arrays.teacher!, power),
      }));
  }

  it("pools the teacher's map to the student's size", () =>
    checkLoss({
      inputs: { student, teacher: randomArray([2, 3, 4, 4], 30) },
      build: build(2),
      byHand: (arrays) => byHand(arrays.student!, halved(arrays.teacher!), 2),
    }));

  it("pools the student's map to the teacher's size", () =>
    checkLoss({
      inputs: { student: randomArray([2, 2, 4, 4], 31), teacher },
      build: build(2),
      byHand: (arrays) => byHand(halved(arrays.student!), arrays.teacher!, 2),
    }));

  it('has a finite gradient at a map of zeros', async () => {
    const zeros = arrayOf([2, 2, 2, 2], Array<number>(16).fill(0));
    assertFinite(await runLoss({ student: zeros, teacher }, build(2)), 1);
    assertFinite(await runLoss({ student: zeros, teacher }, build(1)));
  });

  it('does not see the scale of a map', async () => {
    const scaled = arrayOf(
      [2, 3, 2, 2],
      teacher.data.map((value) => value * 16),
    );
    const { loss } = await runLoss({ student: scaled, teacher }, build(2));
    assert.ok(loss < 1e-10);
  });
});
