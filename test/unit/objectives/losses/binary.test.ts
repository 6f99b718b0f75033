import assert from 'node:assert/strict';
import { buildBinaryKdLoss } from '../../../../src/objectives/losses/binaryKd.ts';
import { buildBinaryLabelsLoss } from '../../../../src/objectives/losses/binaryLabels.ts';
import { arrayOf } from '../../../support/reference/array.ts';
import { divergence, sum } from './byHand.ts';
import { assertFinite, checkLoss, randomArray, runLoss, type Build } from './lossCheck.ts';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const student = arrayOf([2, 3], [0, 1.5, -2, 0.25, -0.5, 3]);

describe('binary labels', () => {
  const build: Build = (graph, values) => buildBinaryLabelsLoss(graph, values.student!, values.labels!);

  it('is the cross-entropy of every class, summed over classes and averaged over samples', () =>
    checkLoss({
      inputs: { student, labels: arrayOf([2, 3], [1, 0, 1, 0, 0, 1]) },
      build,
      byHand: (arrays) =>
        sum(
          [...arrays.student!.data].map((z, index) =>
            arrays.labels!.data[index] === 1 ? -Math.log(sigmoid(z)) : -Math.log(1 - sigmoid(z)),
          ),
        ) / 2,
    }));

  it('stays finite for logits of ±10 000', async () => {
    const inputs = { student: arrayOf([1, 2], [1e4, -1e4]), labels: arrayOf([1, 2], [0, 1]) };
    const result = await runLoss(inputs, build);
    assertFinite(result, 1);
    assert.equal(result.loss, 2e4);
  });
});

describe('binary kd', () => {
  const build =
    (temperature: number): Build =>
    (graph, values) =>
      buildBinaryKdLoss(graph, values.student!, [{ logits: values.teacher!, weight: 1 }], temperature);
  const teacher = randomArray([2, 3], 16);

  for (const temperature of [1, 4]) {
    it(`is T² times the divergences of every class at T = ${temperature}`, () =>
      checkLoss({
        inputs: { student, teacher },
        build: build(temperature),
        byHand: (arrays) => {
          const classes = [...arrays.student!.data].map((z, index) => {
            const [p, q] = [sigmoid(teacher.data[index]! / temperature), sigmoid(z / temperature)];
            return divergence([p, 1 - p], [q, 1 - q]);
          });
          return (temperature ** 2 * sum(classes)) / 2;
        },
      }));
  }

  it("averages several teachers' probabilities", () =>
    checkLoss({
      inputs: { student, teacher, other: randomArray([2, 3], 17) },
      build: (graph, values) =>
        buildBinaryKdLoss(
          graph,
          values.student!,
          [
            { logits: values.teacher!, weight: 0.25 },
            { logits: values.other!, weight: 0.75 },
          ],
          2,
        ),
      byHand: (arrays) => {
        const classes = [...arrays.student!.data].map((z, index) => {
          const p = 0.25 * sigmoid(arrays.teacher!.data[index]! / 2) + 0.75 * sigmoid(arrays.other!.data[index]! / 2);
          const q = sigmoid(z / 2);
          return divergence([p, 1 - p], [q, 1 - q]);
        });
        return (4 * sum(classes)) / 2;
      },
    }));

  it('stays finite for logits of ±10 000, and 0 where both agree', async () => {
    const extreme = arrayOf([1, 3], [1e4, -1e4, 1e4]);
    const result = await runLoss({ student: extreme, teacher: arrayOf([1, 3], [-1e4, 1e4, 1e4]) }, build(1));
    assertFinite(result, 1);
    assert.equal(result.loss, 2e4);
    assert.equal((await runLoss({ student: extreme, teacher: extreme }, build(1))).loss, 0);
  });
});
