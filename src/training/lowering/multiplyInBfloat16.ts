import { formula } from '../../autodiff/formula.ts';
import { reshape, sumOver, transposeMatrices } from '../../autodiff/layout.ts';
import { floatOf, intOf } from '../../onnx/attributes.ts';
import { rewriteGraph } from '../../onnx/copy.ts';
import { dimensionsOf, int, type Graph } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';
import { elementCount } from '../../onnx/tensor.ts';

/**
 * Writes products of matrices as ONNX Runtime (1.30) computes them in bfloat16 on Arm processors: as `MatMul` with factors as they lie in
 * memory. `Gemm` and `FusedMatMul` with a transposed factor stay float32 there, so those that it does not compute rightly are written so.
 *
 * @param threads that a product is divided among, at most
 */
export function multiplyInBfloat16(graph: Graph, threads: number): Graph {
  return rewriteGraph(graph, (target) => (node, inputs) => {
    const [a, b] = inputs;
    const [output] = node.outputs;
    if (node.domain !== '' || a?.type !== 'float32' || !b || !output) return undefined;
    const product =
      node.operator === 'Gemm'
        ? plainGemm(target, node, inputs, threads)
        : node.operator === 'MatMul'
          ? exactMatMul(target, a, b, threads)
          : undefined;
    return product && [target.op('Identity', [product], {}, { outputs: [output.name] })];
  });
}

/**
 * Whether ONNX Runtime (1.30) computes a product of [rows, inner] and [inner, columns] rightly in bfloat16, both from outside of the graph. Where a
 * thread has 64 columns or fewer, it leaves parts out of sums over more than 256: it brings the right factor into an order for pieces of 256,
 * and reads it as if they were longer.
 */
export function isComputedRightly(
  { rows, inner, columns }: { readonly rows: number; readonly inner: number; readonly columns: number },
  threads: number,
): boolean {
  if (inner <= 256) return true;
  // Columns are divided in blocks of 16, where there are more of them than rows.
  const least = columns > rows ? Math.floor(Math.ceil(columns / 16) / threads) * 16 - 15 : columns;
  return least > 64;
}

/** α · op(A) · op(B) + β · C by `MatMul`; undefined where that would not be right. */
function plainGemm(
  graph: Graph,
  node: Node,
  [a, b, c]: readonly (Value | undefined)[],
  threads: number,
): Value | undefined {
  if (!a || !b) return undefined;
  const [transA, transB] = [intOf(node, 'transA', 0) === 1, intOf(node, 'transB', 0) === 1];
  const [rows = 0, inner = 0] = transA ? dimensionsOf(a).toReversed() : dimensionsOf(a);
  const columns = dimensionsOf(b)[transB ? 0 : 1] ?? 0;
  const isRight = isComputedRightly({ rows, inner, columns }, threads);
  const isRightTransposed = isComputedRightly({ rows: columns, inner, columns: rows }, threads);
  // Of Bᵀ or Aᵀ and the product's transpose, whatever is smaller is written out.
  const isShorter = transB && rows * inner + rows * columns < elementCount(dimensionsOf(b));
  if (!isRight && !(transB && isRightTransposed)) return undefined;
  const product =
    isRightTransposed && (isShorter || (transB && !isRight))
      ? transposeMatrices(graph, graph.op('MatMul', [b, transA ? a : transposeMatrices(graph, a)]))
      : graph.op('MatMul', [transA ? transposeMatrices(graph, a) : a, transB ? transposeMatrices(graph, b) : b]);
  const { mul, add } = formula(graph);
  const scaledBy = (factor: number, value: Value): Value => (factor === 1 ? value : mul(value, factor));
  const scaled = scaledBy(floatOf(node, 'alpha', 1), product);
  return c ? add(scaled, scaledBy(floatOf(node, 'beta', 1), c)) : scaled;
}

/** A product that `MatMul` would not compute rightly, in float32; undefined for any other. */
function exactMatMul(graph: Graph, a: Value, b: Value, threads: number): Value | undefined {
  const [left, right] = [dimensionsOf(a), dimensionsOf(b)];
  const inner = left.at(-1) ?? 1;
  // A single matrix on the right has all those on the left for rows.
  const rows = right.length > 2 ? (left.at(-2) ?? 1) : elementCount(left) / inner;
  const columns = right.length === 1 ? 1 : (right.at(-1) ?? 1);
  if (isComputedRightly({ rows, inner, columns }, threads)) return undefined;
  const { mul } = formula(graph);
  if (right.length === 1) return sumOver(graph, mul(a, b), [left.length - 1], false);
  if (left.length === 1) return sumOver(graph, mul(reshape(graph, a, [inner, 1]), b), [right.length - 2], false);
  return graph.op(
    'FusedMatMul',
    [a, transposeMatrices(graph, b)],
    { transB: int(1) },
    {
      domain: 'com.microsoft',
      results: [{ type: 'float32', shape: [...batchesOf(left, right), left.at(-2) ?? 1, columns] }],
    },
  );
}

/** The dimensions before the matrices of a product of several. */
function batchesOf(left: readonly number[], right: readonly number[]): readonly number[] {
  const [a, b] = [left.slice(0, -2), right.slice(0, -2)];
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) =>
    Math.max(a[a.length - rank + axis] ?? 1, b[b.length - rank + axis] ?? 1),
  );
}
