import assert from 'node:assert/strict';
import type { EstimatorOptions, FittedEstimator } from '../../../src/estimators/estimator.ts';
import { estimatorGraph, unfittedGraph, type EstimatorForm } from '../../../src/estimators/estimatorGraph.ts';
import type { FitData } from '../../../src/estimators/fitData.ts';
import { fitEstimator } from '../../../src/estimators/fitEstimator.ts';
import { exportModel } from '../../../src/onnx/exporting/exportModel.ts';
import { importGraph } from '../../../src/onnx/importing/importGraph.ts';
import { classOf, fitData, madeData, unwatched } from '../../support/estimators.ts';
import { runGraph } from '../../support/onnxruntime.ts';
import { arrayOf } from '../../support/reference/array.ts';

const estimators: readonly EstimatorOptions[] = [
  { architecture: 'decision-tree', criterion: 'entropy', minLeaf: 1, pruning: 'validation' },
  { architecture: 'random-forest', trees: 7, criterion: 'gini', minLeaf: 1, bootstrap: true },
  { architecture: 'gradient-boosting', rounds: 20, learningRate: 0.2, leaves: 8, minLeaf: 5, l2: 0 },
  { architecture: 'linear', strength: 1 },
  { architecture: 'svm', kernel: 'linear', strength: 1, components: 1 },
  { architecture: 'svm', kernel: 'rbf', strength: 1, components: 100 },
];

const fit = (options: EstimatorOptions, training: FitData, validation: FitData, seed = 0): Promise<FittedEstimator> =>
  fitEstimator(options, { training, validation, seed, watch: unwatched });

/** Mean squared distance of probabilities, or numbers, from the targets. */
function distance(model: FittedEstimator, { rows, targets: { kind, width, values } }: FitData): number {
  const said = model.predict(rows);
  let sum = 0;
  for (let start = 0; start < said.length; start += width) {
    const row = [...said.subarray(start, start + width)];
    const powers = row.map(Math.exp);
    const total = powers.reduce((all, power) => all + power, 0);
    row.forEach((value, index) => {
      sum += ((kind === 'classes' ? powers[index]! / total : value) - values[start + index]!) ** 2;
    });
  }
  return sum / rows.count;
}

/** What the mean of the targets would come to. */
function distanceOfMean({ targets: { width, values } }: FitData): number {
  const count = values.length / width;
  const means = Array.from({ length: width }, (_, index) =>
    values.reduce((sum, value, at) => sum + (at % width === index ? value / count : 0), 0),
  );
  return values.reduce((sum, value, at) => sum + (value - means[at % width]!) ** 2 / count, 0);
}

for (const options of estimators) {
  const name = 'kernel' in options ? `${options.architecture} (${options.kernel})` : options.architecture;
  describe(`the estimator ${name}`, () => {
    for (const [kind, width] of [
      ['classes', 2],
      ['classes', 3],
      ['numbers', 1],
      ['numbers', 2],
    ] as const) {
      it(`learns ${width} ${kind}, and ONNX Runtime computes what was fitted`, async () => {
        const [training, validation] = [madeData(kind, width, 300, 1), madeData(kind, width, 80, 2)];
        const model = await fit(options, training, validation);
        assert.ok(distance(model, validation) < 0.6 * distanceOfMean(validation), 'it learned little');
        const form: EstimatorForm = {
          sampleShape: [3],
          output: kind === 'classes' ? { kind, classes: width } : { kind, shape: [width] },
        };
        const graph = importGraph(exportModel(estimatorGraph(model, form), { name: 'student' }), { batch: 80 });
        const written = await runGraph(graph, new Map([['input', arrayOf([80, 3], [...validation.rows.values])]]));
        const said = model.predict(validation.rows);
        const [output] = written.values();
        const largest = Math.max(...said.map(Math.abs));
        said.forEach((value, index) => {
          assert.ok(Math.abs(value - Number(output!.data[index])) <= 1e-5 * largest, `output ${index}`);
        });
        const unfitted = unfittedGraph(options, form);
        assert.deepEqual(unfitted.outputs, estimatorGraph(model, form).outputs);
      });
    }

    it('is the same for the same seed', async () => {
      const [training, validation] = [madeData('classes', 2, 120, 3), madeData('classes', 2, 40, 4)];
      const [one, other] = [await fit(options, training, validation, 5), await fit(options, training, validation, 5)];
      assert.deepEqual(one.predict(validation.rows), other.predict(validation.rows));
    });
  });
}

describe('gradient boosting', () => {
  const data = fitData('classes', [[0], [0], [1], [1]], [0, 0, 1, 1].map(classOf));
  const boosting = {
    architecture: 'gradient-boosting',
    rounds: 1,
    learningRate: 0.5,
    leaves: 2,
    minLeaf: 1,
    l2: 0,
  } as const;

  it("goes Newton's step in each leaf", async () => {
    // Half of each class: log-odds 0, p = 1/2. A leaf of two: −G / H = 2 · ½ / (2 · ¼) = 2.
    const model = await fit(boosting, data, data);
    assert.deepEqual([...model.predict(data.rows)], [0, -1, 0, -1, 0, 1, 0, 1]);
    const smaller = await fit({ ...boosting, l2: 0.5 }, data, data);
    assert.deepEqual([...smaller.predict(data.rows)], [0, -0.5, 0, -0.5, 0, 0.5, 0, 0.5]);
  });

  it('keeps the rounds after which the validation rows were told best, and ends when patience is over', async () => {
    const [training, validation] = [madeData('classes', 2, 60, 1), madeData('classes', 2, 60, 9)];
    const random = validation.targets.values.map((_, index) => (index % 4 === 0 || index % 4 === 3 ? 1 : 0));
    const opposed = { ...validation, targets: { ...validation.targets, values: random } };
    const rounds: number[] = [];
    const model = await fitEstimator(
      { ...boosting, rounds: 50, leaves: 8, patience: 3 },
      { training, validation: opposed, seed: 0, watch: { ...unwatched, onRound: ({ round }) => rounds.push(round) } },
    );
    assert.ok(model.rounds < rounds.length);
    assert.equal(rounds.length, model.rounds + 3);
  });
});

describe('linear models', () => {
  it('are where ½ |w|² + C Σ loss is least', async () => {
    // One feature ±1, as many of each class: w (1 + 0) = 4 · C · (1 − σ(w)) for C = 1.
    const data = fitData('classes', [[-1], [-1], [1], [1]], [0, 0, 1, 1].map(classOf));
    const [, first = 0] = (await fit({ architecture: 'linear', strength: 1 }, data, data)).predict(data.rows);
    const weight = -first;
    assert.ok(Math.abs(weight - 4 / (1 + Math.exp(weight))) < 1e-4);
    const ridge = fitData('numbers', [[-1], [1]], [[-2], [2]]);
    const [low = 0] = (await fit({ architecture: 'linear', strength: 1 }, ridge, ridge)).predict(ridge.rows);
    // w = Σ x y / (Σ x² + 1 / C) = 4 / 3.
    assert.ok(Math.abs(low + 4 / 3) < 1e-4);
  });
});
