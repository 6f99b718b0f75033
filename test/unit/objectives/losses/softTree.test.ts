import assert from 'node:assert/strict';
import { buildObjective } from '../../../../src/objectives/buildObjective.ts';
import type { ObjectiveTerm } from '../../../../src/objectives/objectiveTerm.ts';
import { checkTerms } from '../../../../src/objectives/checkTerms.ts';
import { Graph } from '../../../../src/onnx/graph.ts';
import { runGraph } from '../../../support/onnxruntime.ts';
import { arrayOf } from '../../../support/reference/array.ts';
import { mean, softmax, sum } from './byHand.ts';
import { usualTerms } from './terms.ts';

/** A tree of depth 2 and two samples: [chance of right at the root, at its left child, at its right child]. */
const decisions = [
  [0.25, 0.5, 0.125],
  [0.75, 0.2, 0.9],
] as const;
/** Distributions over three classes, of the leaves from left to right. */
const leaves = [
  [0.7, 0.2, 0.1],
  [0.1, 0.8, 0.1],
  [0.25, 0.25, 0.5],
  [0.05, 0.05, 0.9],
];
const labels = [0, 2];
const teacher = [
  [3, 1, -1],
  [-2, 0.5, 2.5],
];
/** Chances of the leaves for each sample. */
const paths = decisions.map(([root, left, right]) => [
  (1 - root) * (1 - left),
  (1 - root) * left,
  root * (1 - right),
  root * right,
]);

/** Σ_ℓ P^ℓ H(target, Q^ℓ), the mean over the samples. */
function lossByHand(targets: readonly (readonly number[])[]): number {
  return mean(
    targets.map((target, sample) =>
      sum(leaves.map((leaf, index) => -paths[sample]![index]! * sum(target.map((t, c) => t * Math.log(leaf[c]!))))),
    ),
  );
}

async function run(terms: readonly ObjectiveTerm[], penalty: number) {
  const graph = new Graph();
  const input = (name: string, rows: number, columns: number) => graph.input(name, 'float32', [rows, columns]);
  const objective = buildObjective(graph, terms, {
    student: input('logits', 2, 3),
    teachers: [{ logits: input('teacher', 2, 3), weight: 1 }],
    labels: input('labels', 2, 3),
    scalars: () => assert.fail('nothing is scheduled'),
    features: new Map(),
    softTree: {
      leafLogProbabilities: input('paths', 2, 4),
      leafLogDistributions: input('leaves', 4, 3),
      penalty,
    },
  });
  graph.output(objective.total, 'total');
  for (const [name, value] of objective.terms) graph.output(value, `term ${name}`);
  const results = await runGraph(
    graph,
    new Map([
      // What the tree says as a whole must not matter.
      ['logits', arrayOf([2, 3], [9, 9, 9, 9, 9, 9])],
      ['teacher', arrayOf([2, 3], teacher.flat())],
      ['labels', arrayOf([2, 3], [1, 0, 0, 0, 0, 1])],
      ['paths', arrayOf([2, 4], paths.flat().map(Math.log))],
      ['leaves', arrayOf([4, 3], leaves.flat().map(Math.log))],
    ]),
  );
  return new Map([...results].map(([name, { data }]) => [name.replace('term ', ''), data[0]!]));
}

const close = (actual: number | undefined, expected: number): void => {
  assert.ok(Math.abs(actual! - expected) < 1e-5 * Math.max(1, Math.abs(expected)), `${actual!} against ${expected}`);
};

describe('objective of a soft decision tree', () => {
  const oneHot = labels.map((label) => [0, 1, 2].map((index) => (index === label ? 1 : 0)));

  it('is the cross-entropy of every leaf with the target of each term, by the probability of the leaf', async () => {
    const terms = [
      usualTerms.labels,
      usualTerms.kd,
      usualTerms['soft-cross-entropy'],
      usualTerms['hard-teacher-labels'],
      { ...usualTerms.labels, smoothing: 0.3 },
    ];
    const losses = await run(terms, 0);
    const soft = teacher.map((row) => softmax(row, 4));
    close(losses.get('labels'), lossByHand(oneHot));
    close(losses.get('kd'), lossByHand(soft));
    close(losses.get('soft-cross-entropy'), lossByHand(soft));
    close(losses.get('hard-teacher-labels'), lossByHand(oneHot));
    close(losses.get('labels-2'), lossByHand(oneHot.map((row) => row.map((y) => 0.7 * y + 0.1))));
    assert.ok(!losses.has('balance'));
    const names = ['labels', 'kd', 'soft-cross-entropy', 'hard-teacher-labels', 'labels-2'];
    close(losses.get('total'), sum(names.map((name, index) => Number(terms[index]!.weight) * losses.get(name)!)));
  });

  it('holds the balance penalty once, as a term of its own', async () => {
    const losses = await run([usualTerms.labels, usualTerms.kd], 0.4);
    const [first, second] = decisions;
    const shares = [
      (first[0] + second[0]) / 2,
      ((1 - first[0]) * first[1] + (1 - second[0]) * second[1]) / (2 - first[0] - second[0]),
      (first[0] * first[2] + second[0] * second[2]) / (first[0] + second[0]),
    ];
    const penalties = shares.map((share) => -0.5 * (Math.log(share) + Math.log(1 - share)));
    close(losses.get('balance'), penalties[0]! + (penalties[1]! + penalties[2]!) / 2);
    close(losses.get('total'), 0.1 * losses.get('labels')! + 0.9 * losses.get('kd')! + 0.4 * losses.get('balance')!);
  });

  it('takes the terms that give distributions over the classes, and no other', () => {
    const context = { task: 'classification', classes: 10, batchSize: 64, teachers: 1, softTree: true } as const;
    const passed = Object.values(usualTerms).filter((term) => checkTerms([term], context).length === 0);
    assert.deepEqual(passed.map(({ loss }) => loss).sort(), [
      'hard-teacher-labels',
      'kd',
      'labels',
      'soft-cross-entropy',
    ]);
    assert.deepEqual(checkTerms([usualTerms.labels, usualTerms.dkd], context), [
      {
        where: 'objective[1].loss',
        message: "A soft decision tree learns from distributions over the classes; the loss 'dkd' has none.",
        hint: 'Use `labels`, `kd`, `soft-cross-entropy` or `hard-teacher-labels`.',
      },
    ]);
    assert.deepEqual(
      checkTerms([{ ...usualTerms.kd, standardize: true }], context).map(({ where }) => where),
      ['objective[0].standardize'],
    );
  });

  it('is refused for samples of several classes in one sentence', () => {
    const context = { task: 'multi-label', classes: 10, batchSize: 64, teachers: 1, softTree: true } as const;
    assert.deepEqual(checkTerms([usualTerms['binary-labels'], usualTerms['binary-kd']], context), [
      {
        where: 'student.architecture',
        message: 'A soft decision tree chooses one class for a sample, and the task is multi-label.',
        hint: 'Choose another architecture, such as `mlp`.',
      },
    ]);
  });
});
