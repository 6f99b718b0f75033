import assert from 'node:assert/strict';
import { Random } from '../../src/data/random.ts';
import type { Graph } from '../../src/onnx/graph.ts';
import { elementCount } from '../../src/onnx/tensor.ts';
import { findBlockSize } from '../../src/training/lowering/blocks/findBlockSize.ts';
import { runGraph } from './onnxruntime.ts';
import { arrayOf } from './reference/array.ts';

/** Asserts that both graphs give the same outputs for random inputs, within float error. */
export async function assertSameOutputs(graph: Graph, lowered: Graph): Promise<void> {
  const random = new Random(7);
  const feeds = new Map(
    graph.inputs.map(({ name, shape }) => {
      const dimensions = shape.map(Number);
      const data = Array.from({ length: elementCount(dimensions) }, () => random.normal());
      return [name, arrayOf(dimensions, data)] as const;
    }),
  );
  const [expected, actual] = [await runGraph(graph, feeds), await runGraph(lowered, feeds)];
  assert.deepEqual([...actual.keys()], [...expected.keys()]);
  for (const [name, array] of expected) {
    const computed = actual.get(name);
    assert.deepEqual(computed?.shape, array.shape);
    for (const [index, value] of array.data.entries()) {
      const difference = Math.abs(value - (computed.data[index] ?? NaN));
      assert.ok(difference < 1e-4 * (1 + Math.abs(value)), `${name} ${index}: ${computed.data[index]}, not ${value}`);
    }
  }
}

/** Channels of one block of this processor's blocked convolutions; skips the test where there are none, or of other blocks. */
export async function blockSizeOrSkip(test: Mocha.Context, expected?: number): Promise<number> {
  const block = await findBlockSize();
  if (block !== undefined && (expected ?? block) === block) return block;
  console.log(
    `      skipped: this processor's ONNX Runtime has no convolutions in blocks${expected ? ` of ${expected}` : ''}`,
  );
  return test.skip();
}
