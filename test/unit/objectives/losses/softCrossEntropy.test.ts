import assert from 'node:assert/strict';
import { buildKdLoss } from '../../../../src/objectives/losses/kd.ts';
import { buildSoftCrossEntropy } from '../../../../src/objectives/losses/softCrossEntropy.ts';
import { softTarget } from '../../../../src/objectives/teacherDistribution.ts';
import { arrayOf } from '../../../support/reference/array.ts';
import { dot, mean, softmax } from './byHand.ts';
import { assertFinite, checkLoss, randomArray, rowsOf, runLoss, type Build } from './lossCheck.ts';

const inputs = { student: randomArray([3, 4], 3), teacher: randomArray([3, 4], 4) };
const softening = { temperature: 4, standardize: false };

const build: Build = (graph, { student, teacher }) =>
  buildSoftCrossEntropy(graph, student!, softTarget(graph, [{ logits: teacher!, weight: 1 }], softening), softening);

describe('soft cross-entropy', () => {
  it('equals the definition: −Σ p_t log p_s, averaged over rows, times T²', () =>
    checkLoss({
      inputs,
      build,
      byHand: ({ student, teacher }) => {
        const rows = rowsOf(student!).map((row, index) => {
          const target = softmax(rowsOf(teacher!)[index]!, 4);
          return -dot(target, softmax(row, 4).map(Math.log));
        });
        return 16 * mean(rows);
      },
    }));

  it("has the gradient of kd, from which it differs by the teacher's entropy", async () => {
    const own = await runLoss(inputs, build);
    const kd = await runLoss(inputs, (graph, { student, teacher }) =>
      buildKdLoss(graph, student!, softTarget(graph, [{ logits: teacher!, weight: 1 }], softening), softening),
    );
    const entropies = rowsOf(inputs.teacher).map((row) => -dot(softmax(row, 4), softmax(row, 4).map(Math.log)));
    assert.ok(Math.abs(own.loss - kd.loss - 16 * mean(entropies)) < 1e-4);
    own.gradient.forEach((value, index) => {
      assert.ok(Math.abs(value - kd.gradient[index]!) < 1e-6);
    });
  });

  it('stays finite for logits of ±10 000', async () => {
    const student = arrayOf([1, 3], [1e4, -1e4, 0]);
    const teacher = arrayOf([1, 3], [-1e4, 1e4, 0]);
    assertFinite(await runLoss({ student, teacher }, build), 16);
  });
});
