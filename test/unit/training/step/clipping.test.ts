import assert from 'node:assert/strict';
import { Graph } from '../../../../src/onnx/graph.ts';
import { buildClipFactor } from '../../../../src/training/step/clipping.ts';
import { buildJointNorm } from '../../../../src/training/step/squaredNorm.ts';
import { runGraph } from '../../../support/onnxruntime.ts';
import { arrayOf } from '../../../support/reference/array.ts';

const matrix = [3, -4, 1, 2];
const vector = [12];

async function clipFactor(clipNorm: number, scale = 1): Promise<number> {
  const graph = new Graph();
  const gradients = [graph.input('matrix', 'float32', [2, 2]), graph.input('vector', 'float32', [1])];
  graph.output(buildClipFactor(graph, buildJointNorm(graph, gradients), clipNorm), 'factor');
  const inputs = new Map([
    [
      'matrix',
      arrayOf(
        [2, 2],
        matrix.map((element) => element * scale),
      ),
    ],
    [
      'vector',
      arrayOf(
        [1],
        vector.map((element) => element * scale),
      ),
    ],
  ]);
  return (await runGraph(graph, inputs)).get('factor')!.data[0]!;
}

describe('buildClipFactor', () => {
  it('takes the norm of all gradients together', async () => {
    const norm = Math.sqrt([...matrix, ...vector].reduce((sum, element) => sum + element ** 2, 0));
    assert.ok(Math.abs((await clipFactor(2)) - 2 / norm) < 1e-6);
  });

  it('gives the gradients of PyTorch', async () => {
    // PyTorch 1.13.1: torch.nn.utils.clip_grad_norm_([a, b], 2.0) leaves 1.8194 of b.grad = 12 and 0.4549 of a.grad[0, 0] = 3
    const factor = await clipFactor(2);
    assert.ok(Math.abs(12 * factor - 1.8194) < 5e-5);
    assert.ok(Math.abs(3 * factor - 0.4549) < 5e-5);
  });

  it('leaves short gradients alone, and those that are 0', async () => {
    assert.equal(await clipFactor(100), 1);
    assert.equal(await clipFactor(2, 0), 1);
  });

  it('sums the squares of kernels of any rank', async () => {
    const graph = new Graph();
    const kernel = graph.input('kernel', 'float32', [2, 3, 2, 2]);
    graph.output(buildClipFactor(graph, buildJointNorm(graph, [kernel]), 1), 'factor');
    const data = Array.from({ length: 24 }, (_, index) => index - 10);
    const norm = Math.hypot(...data);
    const results = await runGraph(graph, new Map([['kernel', arrayOf([2, 3, 2, 2], data)]]));
    assert.ok(Math.abs(results.get('factor')!.data[0]! - 1 / norm) < 1e-7);
  });
});
