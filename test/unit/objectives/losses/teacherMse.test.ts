import assert from 'node:assert/strict';
import { buildTeacherMse } from '../../../../src/objectives/losses/teacherMse.ts';
import { arrayOf } from '../../../support/reference/array.ts';
import { mean, sum } from './byHand.ts';
import { checkLoss, rowsOf, runLoss, type Arrays, type Build } from './lossCheck.ts';

// Errors against the labels, student and teacher: 4.5 and 1; 0.5 and 2; 1 and 1.5.
const inputs = {
  student: arrayOf([3, 2], [3, 0, 1, 0, 0, 1.4142135]),
  teacher: arrayOf([3, 2], [1, 1, 2, 0, 1.7320508, 0]),
  labels: arrayOf([3, 2], [0, 0, 0, 0, 0, 0]),
};

const bounded =
  (margin: number): Build =>
  (graph, { student, teacher, labels }) =>
    buildTeacherMse(graph, student!, teacher!, { labels: labels!, margin });

function byHand({ student, teacher, labels }: Arrays, margin: number): number {
  const error = (a: readonly number[], b: readonly number[]): number =>
    mean(a.map((value, index) => (value - b[index]!) ** 2));
  const rows = rowsOf(student!).map((row, index) => {
    const [target, label] = [rowsOf(teacher!)[index]!, rowsOf(labels!)[index]!];
    return error(row, label) + margin > error(target, label) ? error(row, target) : 0;
  });
  return sum(rows) / rows.length;
}

describe('teacher mse', () => {
  it("is the mean squared distance to the teacher's outputs", () =>
    checkLoss({
      inputs,
      build: (graph, { student, teacher }) => buildTeacherMse(graph, student!, teacher!),
      byHand: ({ student, teacher }) =>
        mean([...student!.data].map((value, index) => (value - teacher!.data[index]!) ** 2)),
    }));

  for (const margin of [0, 1, -1, 2]) {
    it(`bounded with the margin ${margin} counts the samples where the student is not better by that`, () =>
      checkLoss({ inputs, build: bounded(margin), byHand: (arrays) => byHand(arrays, margin) }));
  }

  it('leaves a student alone that is better than its teacher', async () => {
    const { gradient } = await runLoss(inputs, bounded(0));
    assert.ok(gradient.slice(0, 2).every((value) => value !== 0));
    assert.ok(gradient.slice(2).every((value) => value === 0));
  });
});
