import assert from 'node:assert/strict';
import { buildLogitMse } from '../../../src/objectives/losses/logitMse.ts';
import { buildMse } from '../../../src/objectives/losses/mse.ts';
import { buildProbabilityMse } from '../../../src/objectives/losses/probabilityMse.ts';
import { softTarget } from '../../../src/objectives/teacherDistribution.ts';
import { arrayOf } from '../../support/reference/array.ts';
import { mean, softmax, sum } from './losses/byHand.ts';
import { assertFinite, checkLoss, randomArray, rowsOf, runLoss } from './losses/lossCheck.ts';

const inputs = { student: randomArray([3, 4], 7), teacher: randomArray([3, 4], 8) };

describe('logit mse', () => {
  it('is the mean over rows and classes of the squared differences', () =>
    checkLoss({
      inputs,
      build: (graph, { student, teacher }) => buildLogitMse(graph, student!, teacher!),
      byHand: ({ student, teacher }) =>
        sum([...student!.data].map((value, index) => (value - teacher!.data[index]!) ** 2)) / 12,
    }));

  it('counts only the rows with weight 1', () =>
    checkLoss({
      inputs: { ...inputs, rows: arrayOf([3], [0, 0, 1]) },
      build: (graph, { student, teacher, rows }) => buildLogitMse(graph, student!, teacher!, rows),
      byHand: ({ student, teacher }) =>
        mean(rowsOf(student!)[2]!.map((value, index) => (value - rowsOf(teacher!)[2]![index]!) ** 2)),
    }));
});

describe('probability mse', () => {
  it('is half the squared distance of the distributions, averaged over rows only', () =>
    checkLoss({
      inputs,
      build: (graph, { student, teacher }) => {
        const target = softTarget(graph, [{ logits: teacher!, weight: 1 }], { temperature: 1, standardize: false });
        return buildProbabilityMse(graph, student!, target);
      },
      byHand: ({ student, teacher }) =>
        mean(
          rowsOf(student!).map((row, index) => {
            const target = softmax(rowsOf(teacher!)[index]!);
            return sum(softmax(row).map((p, c) => (p - target[c]!) ** 2)) / 2;
          }),
        ),
    }));

  it('stays finite for logits of ±10 000', async () => {
    const student = arrayOf([1, 2], [1e4, -1e4]);
    const teacher = arrayOf([1, 2], [-1e4, 1e4]);
    const result = await runLoss({ student, teacher }, (graph, values) =>
      buildProbabilityMse(
        graph,
        values.student!,
        softTarget(graph, [{ logits: values.teacher!, weight: 1 }], { temperature: 1, standardize: false }),
      ),
    );
    assertFinite(result);
    assert.equal(result.loss, 1);
  });
});

describe('mse', () => {
  it('is the mean over all elements, whatever the shape', () =>
    checkLoss({
      inputs: { student: randomArray([2, 3, 2], 9), labels: randomArray([2, 3, 2], 10) },
      build: (graph, { student, labels }) => buildMse(graph, student!, labels!),
      byHand: ({ student, labels }) =>
        sum([...student!.data].map((value, index) => (value - labels!.data[index]!) ** 2)) / 12,
    }));
});
