import assert from 'node:assert/strict';
import { float, Graph, int } from '../../../../src/onnx/graph.ts';
import { multiplyInBfloat16 } from '../../../../src/training/lowering/multiplyInBfloat16.ts';
import { assertSameOutputs } from '../../../support/lowered.ts';

interface Product {
  readonly transA: number;
  readonly transB: number;
  /** Dimensions of what is added; by default nothing is. */
  readonly added?: readonly number[];
  readonly rows?: number;
}

/** α · op(A) [rows, 6] · op(B) [6, 4] + β · C, and what it is written as. */
function lowered({ transA, transB, added, rows = 3 }: Product): { graph: Graph; written: Graph; operators: string[] } {
  const graph = new Graph();
  const a = graph.input('a', 'float32', transA ? [6, rows] : [rows, 6]);
  const b = graph.input('b', 'float32', transB ? [4, 6] : [6, 4]);
  const scales = added ? { alpha: float(0.5), beta: float(2) } : {};
  const attributes = { ...scales, transA: int(transA), transB: int(transB) };
  graph.output(graph.op('Gemm', added ? [a, b, graph.input('c', 'float32', added)] : [a, b], attributes), 'y');
  const written = multiplyInBfloat16(graph);
  return { graph, written, operators: written.nodes.map(({ operator }) => operator) };
}

describe('products in bfloat16', () => {
  for (const transA of [0, 1]) {
    for (const transB of [0, 1]) {
      it(`are plain products that compute the same (transA ${transA}, transB ${transB})`, async () => {
        for (const added of [undefined, [4], [3, 1], []]) {
          const { graph, written, operators } = lowered({ transA, transB, ...(added && { added }) });
          assert.ok(operators.includes('MatMul') && !operators.includes('Gemm'), operators.join());
          await assertSameOutputs(graph, written);
        }
      });
    }
  }

  it('write out the smaller of what could be transposed', async () => {
    // A transposed has 6 entries and the product 4, B 24; then A 24 and the product 16.
    for (const [rows, transposed] of [
      [1, 2],
      [4, 1],
    ] as const) {
      const { graph, written, operators } = lowered({ transA: 0, transB: 1, rows });
      assert.equal(operators.filter((operator) => operator === 'Transpose').length, transposed);
      await assertSameOutputs(graph, written);
    }
  });
});
