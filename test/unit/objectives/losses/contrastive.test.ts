import assert from 'node:assert/strict';
import { buildContrastiveLoss } from '../../../../src/objectives/losses/contrastive.ts';
import { normalizeAlong } from '../../../../src/objectives/normalizeAlong.ts';
import { arrayOf } from '../../../support/reference/array.ts';
import { dot, mean, norm, softmax } from './byHand.ts';
import { assertFinite, checkLoss, randomArray, rowsOf, runLoss, type Build } from './lossCheck.ts';

const build =
  (temperature: number): Build =>
  (graph, { student, teacher }) =>
    buildContrastiveLoss(graph, student!, normalizeAlong(graph, teacher!, 1), temperature);

/** InfoNCE of rows against rows, in both directions. */
function infoNce(students: readonly number[][], teachers: readonly number[][], temperature: number): number {
  const direction = (from: readonly number[][], to: readonly number[][]): number =>
    mean(
      from.map((a, own) => {
        const cosines = to.map((b) => dot(a, b) / (norm(a) * norm(b)));
        return -Math.log(softmax(cosines, temperature)[own]!);
      }),
    );
  return (direction(students, teachers) + direction(teachers, students)) / 2;
}

describe('contrastive', () => {
  const inputs = { student: randomArray([3, 4], 38), teacher: randomArray([3, 4], 39) };

  for (const temperature of [1, 0.125]) {
    it(`equals the definition at τ = ${temperature}, in both directions`, () =>
      checkLoss({
        inputs,
        build: build(temperature),
        byHand: ({ student, teacher }) => infoNce(rowsOf(student!), rowsOf(teacher!), temperature),
      }));
  }

  it("is small where every sample is nearest to its own teacher's feature, large where the rows are shuffled", async () => {
    const student = arrayOf([3, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1]);
    const shifted = arrayOf([3, 3], [0, 1, 0, 0, 0, 1, 1, 0, 0]);
    assert.ok((await runLoss({ student, teacher: student }, build(0.125))).loss < 0.001);
    assert.ok((await runLoss({ student, teacher: shifted }, build(0.125))).loss > 7.9);
  });

  it('stays finite for features of ±10 000 and at a vector of zeros', async () => {
    assertFinite(await runLoss({ ...inputs, student: randomArray([3, 4], 42, 1e4) }, build(0.0625)), 1);
    const student = arrayOf([3, 4], [0, 0, 0, 0, ...inputs.student.data.slice(4)]);
    assertFinite(await runLoss({ ...inputs, student }, build(1)));
  });
});
