import assert from 'node:assert/strict';
import { Graph } from '../../../../src/onnx/graph.ts';
import { averageRateAt, buildWeightAverage } from '../../../../src/training/step/weightAverage.ts';
import { runGraph } from '../../../support/onnxruntime.ts';
import { arrayOf } from '../../../support/reference/array.ts';

describe('weight average', () => {
  it('forgets the first weights quickly and then settles on the decay', () => {
    assert.ok(Math.abs(averageRateAt(0.999, 1) - (1 - 2 / 11)) < 1e-12);
    assert.ok(Math.abs(averageRateAt(0.999, 90) - (1 - 91 / 100)) < 1e-12);
    assert.ok(Math.abs(averageRateAt(0.999, 100_000) - 0.001) < 1e-12);
    assert.ok(Math.abs(averageRateAt(0.5, 20) - 0.5) < 1e-12);
  });

  it('moves by its rate towards the weights', async () => {
    const graph = new Graph();
    const vector = (name: string) => graph.input(name, 'float32', [2]);
    graph.output(buildWeightAverage(graph, vector('a'), vector('p'), graph.input('rate', 'float32', [1])), 'next');
    let average = [1, -1];
    const expected = [1, -1];
    for (const [index, weights] of [
      [2, -2],
      [0, 4],
      [1, 1],
    ].entries()) {
      const decay = Math.min(0.3, (2 + index) / (11 + index));
      expected.forEach((value, i) => (expected[i] = decay * value + (1 - decay) * weights[i]!));
      const results = await runGraph(
        graph,
        new Map([
          ['a', arrayOf([2], average)],
          ['p', arrayOf([2], weights)],
          ['rate', arrayOf([1], [averageRateAt(0.3, index + 1)])],
        ]),
      );
      average = Array.from(results.get('next')!.data);
    }
    average.forEach((value, i) => {
      assert.ok(Math.abs(value - expected[i]!) < 1e-6);
    });
  });
});
