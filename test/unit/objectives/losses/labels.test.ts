import assert from 'node:assert/strict';
import { buildLabelsLoss } from '../../../../src/objectives/losses/labels.ts';
import { arrayOf } from '../../../support/reference/array.ts';
import { mean, softmax, sum } from './byHand.ts';
import { assertFinite, checkLoss, oneHot, randomArray, rowsOf, runLoss, type Build } from './lossCheck.ts';

const inputs = { student: randomArray([3, 4], 5), labels: oneHot([2, 0, 3], 4) };
const build =
  (smoothing: number): Build =>
  (graph, { student, labels, rows }) =>
    buildLabelsLoss(graph, student!, labels!, smoothing, rows);

describe('labels', () => {
  it('is the mean over the batch of −log softmax at the label, with gradient (p − y) / B', async () => {
    const student = arrayOf([2, 3], [Math.log(1), Math.log(2), Math.log(5), 0, 0, 0]);
    const { loss, gradient } = await runLoss({ student, labels: oneHot([2, 0], 3) }, build(0));
    // The rows' softmax is (1/8, 2/8, 5/8) and (1/3, 1/3, 1/3).
    assert.ok(Math.abs(loss + (Math.log(5 / 8) + Math.log(1 / 3)) / 2) < 1e-6);
    const expected = [1 / 16, 2 / 16, -3 / 16, -1 / 3, 1 / 6, 1 / 6];
    gradient.forEach((value, index) => {
      assert.ok(Math.abs(value - expected[index]!) < 1e-6, `gradient ${index}: ${value}`);
    });
  });

  it('smooths labels: ε / C to every class, 1 − ε to the label besides', () =>
    checkLoss({
      inputs,
      build: build(0.125),
      byHand: ({ student }) =>
        mean(
          rowsOf(student!).map((row, index) => {
            const logs = softmax(row).map(Math.log);
            return -(0.875 * logs[[2, 0, 3][index]!]! + (0.125 / 4) * sum(logs));
          }),
        ),
    }));

  it('takes mixed labels as they are', () =>
    checkLoss({
      inputs: { student: randomArray([1, 3], 6), labels: arrayOf([1, 3], [0.25, 0, 0.75]) },
      build: build(0),
      byHand: ({ student }) => {
        const p = softmax(rowsOf(student!)[0]!);
        return -(0.25 * Math.log(p[0]!) + 0.75 * Math.log(p[2]!));
      },
    }));

  it('averages over the rows that count, not over all', () =>
    checkLoss({
      inputs: { ...inputs, rows: arrayOf([3], [0, 1, 0]) },
      build: build(0),
      byHand: ({ student }) => -Math.log(softmax(rowsOf(student!)[1]!)[0]!),
    }));

  it('stays finite for logits of ±10 000', async () => {
    const student = arrayOf([1, 3], [1e4, -1e4, 0]);
    const result = await runLoss({ student, labels: oneHot([1], 3) }, build(0));
    assertFinite(result, 1);
    assert.ok(Math.abs(result.loss - 2e4) < 1);
  });
});
