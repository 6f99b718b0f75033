import assert from 'node:assert/strict';
import { Graph, int } from '../../../../src/onnx/graph.ts';
import { lowerForWebgpu } from '../../../../src/training/lowering/webgpu/lowerForWebgpu.ts';
import { assertSameOutputs } from '../../../support/lowered.ts';

/** Buffers that every device binds to a shader. */
const MOST_BUFFERS = 8;

describe('what is lowered for WebGPU', () => {
  it('is cut into many parts in turns, of which none takes more buffers than every device has', async () => {
    for (const count of [8, 15, 50, 120]) {
      const graph = new Graph();
      const sizes = Array.from({ length: count }, (_, index) => 1 + (index % 3));
      const total = sizes.reduce((sum, size) => sum + size);
      const value = graph.input('value', 'float32', [2, total]);
      const outputs = sizes.map((_, index) => `part.${index}`);
      for (const part of graph.node('Split', [value, graph.integers(sizes)], {
        attributes: { axis: int(-1) },
        outputs,
      })) {
        if (part) graph.output(part);
      }
      const lowered = lowerForWebgpu(graph);
      assert.ok(lowered.nodes.length > 1);
      assert.ok(lowered.nodes.every((node) => node.outputs.length + 1 <= MOST_BUFFERS));
      await assertSameOutputs(graph, lowered);
    }
  });

  it('stays one cut where there are few parts', () => {
    const graph = new Graph();
    const outputs = Array.from({ length: 7 }, (_, index) => `part.${index}`);
    graph.node('Split', [graph.input('value', 'float32', [7]), graph.integers(outputs.map(() => 1))], { outputs });
    assert.equal(lowerForWebgpu(graph).nodes.length, 1);
  });

  it('has no operator that the provider leaves to the CPU', async () => {
    for (const axis of [undefined, 0, 1]) {
      const graph = new Graph();
      const value = graph.op('Mul', [graph.input('value', 'float32', [5, 4]), graph.scalar(1000)]);
      const softmax = graph.op('LogSoftmax', [value], axis === undefined ? {} : { axis: int(axis) });
      graph.output(graph.op('Sum', [softmax, value, softmax]));
      graph.output(graph.op('Sign', [graph.op('Sum', [value, graph.scalar(0)])]));
      const lowered = lowerForWebgpu(graph);
      assert.ok(lowered.nodes.every(({ operator }) => !['LogSoftmax', 'Sum', 'Sign'].includes(operator)));
      await assertSameOutputs(graph, lowered);
    }
  });
});
