import assert from 'node:assert/strict';
import { gradients } from '../../../../src/autodiff/gradients.ts';
import { copyGraph } from '../../../../src/onnx/copy.ts';
import { Graph, int } from '../../../../src/onnx/graph.ts';
import type { Value } from '../../../../src/onnx/node.ts';
import { floatTensor } from '../../../../src/onnx/tensor.ts';
import { lowerHalves } from '../../../../src/training/lowering/halves/lowerHalves.ts';
import { castTo } from '../../../../src/training/precision/castTo.ts';
import { HalfForward } from '../../../../src/training/precision/halfForward.ts';
import { runGraph } from '../../../support/onnxruntime.ts';
import { arrayOf } from '../../../support/reference/array.ts';

/** A network that reads samples [2, 3] as it is trained in half precision, and its values by their names in the network. */
function trained(build: (network: Graph, samples: Value) => void): {
  graph: Graph;
  copies: ReadonlyMap<string, Value>;
} {
  const network = new Graph();
  build(network, network.input('samples', 'float32', ['batch', 3]));
  const graph = new Graph();
  const samples = graph.input('samples', 'float32', [2, 3]);
  const half = new HalfForward(graph, [samples]);
  const bindings = new Map([['samples', samples]]);
  const copies = copyGraph(graph, network, { bindings, prefix: 'n.', rewrite: half.rewrite(() => undefined, 'n.') });
  return { graph, copies };
}

describe('HalfForward', () => {
  it('lets weights follow activations, and activations the widest of them', () => {
    const { copies } = trained((network, samples) => {
      const weight = network.initializer('weight', floatTensor([1, 2, 3, 4, 5, 6, 7, 8, 9], [3, 3]));
      const turned = network.op('Transpose', [weight], {}, { outputs: ['turned'] });
      const product = network.op('MatMul', [samples, turned], {}, { outputs: ['product'] });
      network.op('Add', [product, network.initializer('bias', floatTensor([1, 2, 3]))], {}, { outputs: ['biased'] });
      const shares = network.op('Softmax', [product], { axis: int(-1) }, { outputs: ['shares'] });
      network.op('Add', [product, shares], {}, { outputs: ['sum'] });
      network.op('Add', [samples, product], {}, { outputs: ['shortcut'] });
    });
    const types = ['turned', 'product', 'biased', 'shares', 'sum', 'shortcut'].map((name) => copies.get(name)!.type);
    assert.deepEqual(types, ['float32', 'float16', 'float16', 'float32', 'float32', 'float32']);
  });

  it('masks with the lowest number of float16 where a network has that of float32', async () => {
    const { graph, copies } = trained((network, samples) => {
      const eye = network.initializer('eye', floatTensor([1, 0, 0, 0, 1, 0, 0, 0, 1], [3, 3]));
      const scores = network.op('MatMul', [samples, eye]);
      const hidden = network.op('Less', [samples, network.scalar(0)]);
      const masked = network.op('Where', [hidden, network.scalar(-3.4028234663852886e38), scores]);
      network.op('Softmax', [masked], { axis: int(-1) }, { outputs: ['shares'] });
    });
    const shares = copies.get('shares')!;
    const loss = graph.op('ReduceSum', [graph.op('Mul', [shares, shares])], { keepdims: int(0) });
    const [gradient] = gradients(graph, loss, [graph.value('samples')]);
    graph.output(castTo(graph, shares, 'float32'), 'shares');
    graph.output(gradient!, 'gradient');
    const feeds = new Map([['samples', arrayOf([2, 3], [1, -1, 1, -1, -2, -3])]]);
    const results = await runGraph(lowerHalves(graph, 'cpu'), feeds);
    // The second row is masked altogether.
    const expected = [0.5, 0, 0.5, 1 / 3, 1 / 3, 1 / 3];
    results.get('shares')!.data.forEach((share, index) => {
      assert.ok(Math.abs(share - expected[index]!) < 1e-6, `${share} at ${index}`);
    });
    assert.ok(results.get('gradient')!.data.every(Number.isFinite));
  });
});
