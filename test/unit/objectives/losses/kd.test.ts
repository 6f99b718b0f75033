import assert from 'node:assert/strict';
import { buildKdLoss } from '../../../../src/objectives/losses/kd.ts';
import { hardTarget, softTarget } from '../../../../src/objectives/teacherDistribution.ts';
import { arrayOf } from '../../../support/reference/array.ts';
import { divergence, mean, softmax, sum } from './byHand.ts';
import { assertFinite, checkLoss, randomArray, rowsOf, runLoss, type Arrays, type Build } from './lossCheck.ts';

const inputs = { student: randomArray([3, 4], 1), teacher: randomArray([3, 4], 2) };

const kd =
  (temperature: number, standardize = false): Build =>
  (graph, { student, teacher }) => {
    const softening = { temperature, standardize };
    return buildKdLoss(graph, student!, softTarget(graph, [{ logits: teacher!, weight: 1 }], softening), softening);
  };

/** T² times the mean over the rows of the sums over the classes. */
function byHand({ student, teacher }: Arrays, temperature: number, prepare = (row: number[]) => row): number {
  const students = rowsOf(student!).map((row) => softmax(prepare(row), temperature));
  const teachers = rowsOf(teacher!).map((row) => softmax(prepare(row), temperature));
  return temperature ** 2 * mean(teachers.map((p, row) => divergence(p, students[row]!)));
}

describe('kd', () => {
  for (const temperature of [1, 4, 20]) {
    it(`equals the definition at T = ${temperature}: summed over classes, averaged over rows, times T²`, () =>
      checkLoss({ inputs, build: kd(temperature), byHand: (arrays) => byHand(arrays, temperature) }));
  }

  it('has the gradient T (p_s − p_t) / N, whose size hardly depends on T', async () => {
    for (const temperature of [4, 20]) {
      const { gradient } = await runLoss(inputs, kd(temperature));
      const expected = rowsOf(inputs.student).flatMap((row, index) => {
        const q = softmax(rowsOf(inputs.teacher)[index]!, temperature);
        return softmax(row, temperature).map((p, c) => (temperature * (p - q[c]!)) / 3);
      });
      gradient.forEach((value, index) => {
        assert.ok(Math.abs(value - expected[index]!) < 1e-5 * temperature);
      });
    }
  });

  it('is 0 with gradient 0 where student and teacher agree', async () => {
    const { loss, gradient } = await runLoss({ student: inputs.teacher, teacher: inputs.teacher }, kd(4));
    assert.ok(Math.abs(loss) < 1e-6);
    assert.ok(gradient.every((value) => Math.abs(value) < 1e-6));
  });

  it('is not symmetric: teacher and student are not swapped', async () => {
    const { loss } = await runLoss(inputs, kd(1));
    const swapped = byHand({ student: inputs.teacher, teacher: inputs.student }, 1);
    assert.ok(Math.abs(loss - swapped) > 0.1);
  });

  it('stays finite for logits of ±10 000', async () => {
    const student = arrayOf([2, 3], [1e4, -1e4, 0, 0, 0, 0]);
    const teacher = arrayOf([2, 3], [-1e4, 1e4, 0, 1e4, 0, -1e4]);
    const result = await runLoss({ student, teacher }, kd(1));
    assertFinite(result, 1);
    assert.ok(Math.abs(result.loss - (2e4 + Math.log(3)) / 2) < 1);
  });

  it('counts only the rows with weight 1', () =>
    checkLoss({
      inputs: { ...inputs, rows: arrayOf([3], [1, 0, 1]) },
      build: (graph, { student, teacher, rows }) => {
        const softening = { temperature: 2, standardize: false };
        const target = softTarget(graph, [{ logits: teacher!, weight: 1 }], softening);
        return buildKdLoss(graph, student!, target, softening, rows);
      },
      byHand: ({ student, teacher }) => {
        const rows = [0, 2].map((row) => {
          const p = softmax(rowsOf(teacher!)[row]!, 2);
          return 4 * divergence(p, softmax(rowsOf(student!)[row]!, 2));
        });
        return sum(rows) / 2;
      },
    }));

  it('is 0 with gradient 0 when no row counts', async () => {
    const result = await runLoss({ ...inputs, rows: arrayOf([3], [0, 0, 0]) }, (graph, { student, teacher, rows }) => {
      const softening = { temperature: 2, standardize: false };
      const target = softTarget(graph, [{ logits: teacher!, weight: 1 }], softening);
      return buildKdLoss(graph, student!, target, softening, rows);
    });
    assert.deepEqual([result.loss, ...result.gradient.map(Math.abs)], Array<number>(13).fill(0));
  });

  describe('with standardised logits', () => {
    const standardized = (row: readonly number[]): number[] => {
      const centre = mean(row);
      const squares = row.map((value) => (value - centre) ** 2);
      const deviation = Math.sqrt(squares.reduce((total, square) => total + square, 0) / (row.length - 1) + 1e-6);
      return row.map((value) => (value - centre) / deviation);
    };

    it('equals the definition, rows z-scored before the temperature', () =>
      checkLoss({ inputs, build: kd(2, true), byHand: (arrays) => byHand(arrays, 2, standardized) }));

    it('does not see shifts and scales of the logits', async () => {
      const moved = arrayOf(
        [3, 4],
        inputs.teacher.data.map((value) => Math.fround(7 * value + 100)),
      );
      const { loss } = await runLoss({ student: moved, teacher: inputs.teacher }, kd(2, true));
      assert.ok(Math.abs(loss) < 1e-5);
    });

    it('has a bounded gradient at a row of equal logits', async () => {
      const student = arrayOf([2, 3], [5, 5, 5, 1, 2, 3]);
      const teacher = arrayOf([2, 3], [1, 2, 3, 4, 4, 4]);
      assertFinite(await runLoss({ student, teacher }, kd(1, true)), 1e3);
    });
  });

  it('with hard targets is T² times the cross-entropy against the most probable class', () =>
    checkLoss({
      inputs,
      build: (graph, { student, teacher }) => {
        const softening = { temperature: 3, standardize: false };
        return buildKdLoss(graph, student!, hardTarget(graph, [{ logits: teacher!, weight: 1 }]), softening);
      },
      byHand: ({ student, teacher }) => {
        const winners = rowsOf(teacher!).map((row) => row.indexOf(Math.max(...row)));
        return 9 * mean(rowsOf(student!).map((row, index) => -Math.log(softmax(row, 3)[winners[index]!]!)));
      },
    }));
});
