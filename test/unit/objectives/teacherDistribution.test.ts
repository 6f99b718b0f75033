import assert from 'node:assert/strict';
import { Graph } from '../../../src/onnx/graph.ts';
import {
  averageOutputs,
  hardTarget,
  softTarget,
  teacherLogProbabilities,
} from '../../../src/objectives/teacherDistribution.ts';
import { runGraph } from '../../support/onnxruntime.ts';
import { arrayOf, type NumberArray } from '../../support/reference/array.ts';
import { softmax } from './losses/byHand.ts';
import { rowsOf } from './losses/lossCheck.ts';

const plain = { temperature: 1, standardize: false };

/** What two teachers make together, as ONNX Runtime computes it. */
async function together(
  tables: readonly [NumberArray, NumberArray],
  weights: readonly [number, number],
  combine: typeof averageOutputs,
): Promise<number[]> {
  const graph = new Graph();
  const teachers = tables.map(({ shape }, index) => ({
    logits: graph.input(`teacher.${index}`, 'float32', shape),
    weight: weights[index]!,
  }));
  graph.output(combine(graph, teachers), 'result');
  const feeds = new Map(tables.map((table, index) => [`teacher.${index}`, table]));
  return [...(await runGraph(graph, feeds)).get('result')!.data];
}

const first = arrayOf([2, 3], [3, 1, -2, -1, 4, 0]);
const second = arrayOf([2, 3], [0, 2, 1, 5, -3, 0]);

describe('several teachers', () => {
  it('have their softened probabilities averaged, not their logits', async () => {
    const softening = { temperature: 4, standardize: false };
    const mixed = await together(
      [first, second],
      [0.25, 0.75],
      (graph, teachers) => softTarget(graph, teachers, softening).probabilities,
    );
    const expected = rowsOf(first).flatMap((row, index) => {
      const other = softmax(rowsOf(second)[index]!, 4);
      return softmax(row, 4).map((p, c) => 0.25 * p + 0.75 * other[c]!);
    });
    mixed.forEach((value, index) => {
      assert.ok(Math.abs(value - expected[index]!) < 1e-6);
    });
  });

  it('agree with finite logarithms where they are certain of different classes', async () => {
    const [certain, opposite] = [arrayOf([1, 3], [1e4, 0, -1e4]), arrayOf([1, 3], [-1e4, 0, 1e4])];
    const logs = await together([certain, opposite], [0.5, 0.5], (graph, teachers) =>
      teacherLogProbabilities(graph, teachers, plain),
    );
    assert.ok(logs.every(Number.isFinite), logs.join());
    assert.ok(Math.abs(logs[0]! - Math.log(0.5)) < 1e-3 && logs[1]! < -9999);
  });

  it('leave out one whose weight is 0, however certain it is', async () => {
    const [certain, opposite] = [arrayOf([1, 3], [1e4, 0, -1e4]), arrayOf([1, 3], [-1e4, 0, 1e4])];
    const logs = await together([certain, opposite], [1, 0], (graph, teachers) =>
      teacherLogProbabilities(graph, teachers, plain),
    );
    assert.deepEqual(logs, [0, -1e4, -2e4]);
  });

  it('leave out one whose weight is 0', async () => {
    const mixed = await together(
      [first, second],
      [1, 0],
      (graph, teachers) => softTarget(graph, teachers, plain).probabilities,
    );
    rowsOf(first)
      .flatMap((row) => softmax(row))
      .forEach((value, index) => {
        assert.ok(Math.abs(value - mixed[index]!) < 1e-6);
      });
  });

  it('choose the class that is most probable in the mean, which the mean of the logits may not be', async () => {
    // Probabilities (0.79, 0.11, 0.11) and (0, 0.52, 0.48); mean logits (−14, 0.05, 0).
    const [one, other] = [arrayOf([1, 3], [2, 0, 0]), arrayOf([1, 3], [-30, 0.1, 0])];
    const chosen = await together(
      [one, other],
      [0.5, 0.5],
      (graph, teachers) => hardTarget(graph, teachers).probabilities,
    );
    assert.deepEqual(chosen, [1, 0, 0]);
  });

  it('have their logits averaged where a loss compares logits', async () => {
    const expected = [...first.data].map((value, index) => 0.25 * value + 0.75 * second.data[index]!);
    assert.deepEqual(await together([first, second], [0.25, 0.75], averageOutputs), expected);
  });
});

describe('hard target', () => {
  it('names one class even among equals: the first', async () => {
    const tied = arrayOf([2, 3], [2, 5, 5, 1, 1, 1]);
    const graph = new Graph();
    const logits = graph.input('teacher', 'float32', [2, 3]);
    graph.output(hardTarget(graph, [{ logits, weight: 1 }]).probabilities, 'result');
    const results = await runGraph(graph, new Map([['teacher', tied]]));
    assert.deepEqual([...results.get('result')!.data], [0, 1, 0, 1, 0, 0]);
  });
});
