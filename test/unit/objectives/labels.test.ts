import assert from 'node:assert/strict';
import { gradients } from '../../../src/autodiff/gradients.ts';
import { Graph } from '../../../src/onnx/graph.ts';
import { buildLabelsLoss } from '../../../src/objectives/labels.ts';
import { runGraph } from '../../support/onnxruntime.ts';
import { arrayOf } from '../../support/reference/array.ts';

describe('labels', () => {
  it('is the mean over the batch of −log softmax at the label, with gradient (p − y) / B', async () => {
    const graph = new Graph();
    const logits = graph.input('logits', 'float32', [2, 3]);
    const labels = graph.input('labels', 'float32', [2, 3]);
    const loss = buildLabelsLoss(graph, logits, labels);
    const [gradient] = gradients(graph, loss, [logits]);
    graph.output(loss, 'loss');
    graph.output(gradient!, 'gradient');
    const results = await runGraph(
      graph,
      new Map([
        ['logits', arrayOf([2, 3], [Math.log(1), Math.log(2), Math.log(5), 0, 0, 0])],
        ['labels', arrayOf([2, 3], [0, 0, 1, 1, 0, 0])],
      ]),
    );
    // The rows' softmax is (1/8, 2/8, 5/8) and (1/3, 1/3, 1/3).
    const expectedLoss = -(Math.log(5 / 8) + Math.log(1 / 3)) / 2;
    const expectedGradient = [1 / 16, 2 / 16, -3 / 16, -1 / 3, 1 / 6, 1 / 6];
    assert.ok(Math.abs(results.get('loss')!.data[0]! - expectedLoss) < 1e-6);
    Array.from(results.get('gradient')!.data).forEach((value, index) => {
      assert.ok(Math.abs(value - expectedGradient[index]!) < 1e-6, `gradient ${index}: ${value}`);
    });
  });
});
