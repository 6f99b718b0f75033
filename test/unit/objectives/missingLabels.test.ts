import assert from 'node:assert/strict';
import { NO_LABEL } from '../../../src/data/unlabelled/noLabel.ts';
import type { ObjectiveTerm } from '../../../src/objectives/objectiveTerm.ts';
import { buildObjective } from '../../../src/objectives/buildObjective.ts';
import { gradients } from '../../../src/autodiff/gradients.ts';
import { Graph } from '../../../src/onnx/graph.ts';
import { objectiveInputs } from '../../../src/training/step/objectiveInputs.ts';
import type { TrainingTask } from '../../../src/training/trainingTask.ts';
import { runGraph } from '../../support/onnxruntime.ts';
import { arrayOf, type NumberArray } from '../../support/reference/array.ts';
import { oneHot, randomArray } from './losses/lossCheck.ts';

interface Batch {
  readonly task: TrainingTask['task'];
  readonly labels: NumberArray;
  readonly rows: readonly number[];
}

const outputs = randomArray([4, 3], 70);
const taught = randomArray([4, 3], 71);

/** The loss of a batch of rows of `outputs` and its gradient, as the training step has it. */
async function lossOf(term: ObjectiveTerm, { task, labels, rows }: Batch, unlabelled: boolean) {
  const graph = new Graph();
  const batchSize = rows.length;
  const pick = ({ data }: NumberArray): number[] => rows.flatMap((row) => [...data.slice(row * 3, row * 3 + 3)]);
  const samples = graph.input('samples', 'float32', [batchSize, 2]);
  const logits = graph.input('logits', 'float32', [batchSize, 3]);
  const trainingTask = {
    task,
    samples: { kind: 'values' },
    sampleShape: [2],
    outputShape: [3],
    objective: [term],
    batchSize,
    unlabelled,
  } as const;
  const inputs = objectiveInputs(graph, trainingTask, { samples, logits, studentValues: new Map() });
  const { total } = buildObjective(graph, [term], inputs);
  graph.output(total, 'total');
  graph.output(gradients(graph, total, [logits])[0]!, 'gradient');
  const feeds = new Map<string, NumberArray>([
    ['samples', arrayOf([batchSize, 2], new Array<number>(batchSize * 2).fill(0))],
    ['logits', arrayOf([batchSize, 3], pick(outputs))],
    ['labels', arrayOf([batchSize, 3], pick(labels))],
    ['teacher.0', arrayOf([batchSize, 3], pick(taught))],
  ]);
  const results = await runGraph(
    graph,
    new Map([...feeds].filter(([name]) => graph.inputs.some((input) => input.name === name))),
  );
  return { loss: results.get('total')!.data[0]!, gradient: [...results.get('gradient')!.data] };
}

const none = [NO_LABEL, NO_LABEL, NO_LABEL];
/** Labels of which the second and the fourth row are missing. */
const without = (labels: NumberArray): NumberArray =>
  arrayOf(
    [4, 3],
    [0, 1, 2, 3].flatMap((row) => (row % 2 === 0 ? [...labels.data.slice(row * 3, row * 3 + 3)] : none)),
  );

const classes = oneHot([0, 2, 1, 2], 3);
const several = arrayOf([4, 3], [1, 0, 1, 0, 1, 0, 1, 1, 0, 0, 0, 1]);
const numbers = randomArray([4, 3], 72);

const needing: readonly (readonly [string, TrainingTask['task'], NumberArray, ObjectiveTerm])[] = [
  ['labels', 'classification', classes, { loss: 'labels', weight: 1, smoothing: 0 }],
  ['labels with smoothing', 'classification', classes, { loss: 'labels', weight: 1, smoothing: 0.1 }],
  [
    'labels with focus and weights',
    'classification',
    classes,
    { loss: 'labels', weight: 1, smoothing: 0, focal: 2, classWeights: { each: [1, 2, 3] } },
  ],
  ['dkd', 'classification', classes, { loss: 'dkd', weight: 1, alpha: 1, beta: 2, temperature: 2, standardize: false }],
  ['binary-labels', 'multi-label', several, { loss: 'binary-labels', weight: 1 }],
  ['binary-labels with focus', 'multi-label', several, { loss: 'binary-labels', weight: 1, focal: 2 }],
  ['mse', 'regression', numbers, { loss: 'mse', weight: 1 }],
];

describe('samples without labels in a batch', () => {
  for (const [name, task, labels, term] of needing) {
    it(`count for nothing in ${name}`, async () => {
      const mixed = await lossOf(term, { task, labels: without(labels), rows: [0, 1, 2, 3] }, true);
      const alone = await lossOf(term, { task, labels, rows: [0, 2] }, false);
      assert.ok(Math.abs(mixed.loss - alone.loss) < 1e-5, `${mixed.loss} against ${alone.loss}`);
      assert.ok(alone.loss > 0);
      mixed.gradient.forEach((value, index) => {
        const row = Math.floor(index / 3);
        const wanted = row % 2 === 0 ? alone.gradient[(row / 2) * 3 + (index % 3)]! : 0;
        assert.ok(Math.abs(value - wanted) < 1e-5, `gradient ${index}: ${value} against ${wanted}`);
      });
    });

    it(`alone are a loss of 0 in ${name}`, async () => {
      const { loss, gradient } = await lossOf(term, { task, labels: without(labels), rows: [1, 3] }, true);
      assert.equal(Math.abs(loss), 0);
      assert.ok(gradient.every((value) => value === 0));
    });
  }

  for (const [task, labels, term] of [
    ['classification', classes, { loss: 'kd', weight: 1, temperature: 2, target: 'soft', standardize: false }],
    ['multi-label', several, { loss: 'binary-kd', weight: 1, temperature: 2 }],
    ['regression', numbers, { loss: 'teacher-mse', weight: 1 }],
  ] as const) {
    it(`count as all others do in ${term.loss}`, async () => {
      const rows = [0, 1, 2, 3];
      assert.deepEqual(
        await lossOf(term, { task, labels: without(labels), rows }, true),
        await lossOf(term, { task, labels, rows }, false),
      );
    });
  }

  it('follow the teacher where a bound has no label to hold by', async () => {
    const term: ObjectiveTerm = { loss: 'teacher-mse', weight: 1, bounded: { margin: 0 } };
    // What the student says is the truth: nothing is to be learned from the teacher where that is known.
    const batch = { task: 'regression', labels: without(outputs), rows: [0, 1, 2, 3] } as const;
    const { loss, gradient } = await lossOf(term, batch, true);
    assert.ok(loss > 0);
    assert.ok(gradient.every((value, index) => (value === 0) === (Math.floor(index / 3) % 2 === 0)));
  });

  it('of tokens count for the teacher where a word begins, and padding for nothing', async () => {
    const run = async (term: ObjectiveTerm, labels: readonly number[], unlabelled: boolean) => {
      const graph = new Graph();
      const samples = graph.input('samples', 'float32', [1, 4]);
      const logits = graph.input('logits', 'float32', [1, 4, 3]);
      const trainingTask = {
        task: 'token-classification',
        samples: { kind: 'values' },
        sampleShape: [4],
        outputShape: [4, 3],
        objective: [term],
        batchSize: 1,
        unlabelled,
      } as const;
      const inputs = objectiveInputs(graph, trainingTask, { samples, logits, studentValues: new Map() });
      const { total } = buildObjective(graph, [term], inputs);
      graph.output(total, 'total');
      const feeds = [
        ['samples', arrayOf([1, 4], [0, 0, 0, 0])],
        ['logits', arrayOf([1, 4, 3], [...outputs.data])],
        ['labels', arrayOf([1, 4, 3], labels)],
        ['teacher.0', arrayOf([1, 4, 3], [...taught.data])],
      ] as const;
      const fed = feeds.filter(([name]) => graph.inputs.some((input) => input.name === name));
      return (await runGraph(graph, new Map(fed))).get('total')!.data[0]!;
    };
    const kd: ObjectiveTerm = { loss: 'kd', weight: 1, temperature: 1, target: 'soft', standardize: false };
    const own: ObjectiveTerm = { loss: 'labels', weight: 1, smoothing: 0 };
    // A labelled word, one without a label, and two places that hold no word's beginning.
    const mixed = [1, 0, 0, ...none, 0, 0, 0, 0, 0, 0];
    assert.equal(await run(kd, mixed, true), await run(kd, [1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], false));
    assert.equal(await run(own, mixed, true), await run(own, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], false));
  });
});
