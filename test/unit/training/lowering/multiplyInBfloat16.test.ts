import assert from 'node:assert/strict';
import { float, Graph, int } from '../../../../src/onnx/graph.ts';
import { isComputedRightly, multiplyInBfloat16 } from '../../../../src/training/lowering/multiplyInBfloat16.ts';
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
  const written = multiplyInBfloat16(graph, 2);
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

  it('stay float32 where ONNX Runtime leaves parts of long sums out', async () => {
    const written = (a: readonly number[], b: readonly number[]) => {
      const graph = new Graph();
      graph.output(graph.op('MatMul', [graph.input('a', 'float32', a), graph.input('b', 'float32', b)]), 'y');
      return { graph, lowered: multiplyInBfloat16(graph, 2) };
    };
    for (const [a, b, isKept] of [
      [[4, 256], [256, 8], true],
      [[4, 257], [257, 8], false],
      [[2, 3, 300], [300, 8], false],
      [[2, 3, 300], [2, 300, 8], false],
      [[2, 1, 3, 300], [4, 300, 8], false],
      [[300], [300, 8], false],
      [[2, 4, 300], [300], false],
      [[100, 300], [300, 70], true],
      [[60, 300], [300, 70], false],
    ] as const) {
      const { graph, lowered: product } = written(a, b);
      const operators = product.nodes.map(({ operator }) => operator);
      assert.equal(operators.includes('MatMul'), isKept, `${a.join('×')} ${b.join('×')}: ${operators.join()}`);
      await assertSameOutputs(graph, product);
    }
  });

  it('are computed rightly as long as every thread has more than 64 columns', () => {
    assert.ok(isComputedRightly({ rows: 1, inner: 256, columns: 1 }, 8));
    assert.ok(isComputedRightly({ rows: 128, inner: 784, columns: 65 }, 8));
    assert.ok(!isComputedRightly({ rows: 128, inner: 784, columns: 64 }, 8));
    assert.ok(isComputedRightly({ rows: 64, inner: 784, columns: 512 }, 4));
    assert.ok(!isComputedRightly({ rows: 64, inner: 784, columns: 512 }, 8));
  });
});
