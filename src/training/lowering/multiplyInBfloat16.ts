import { formula } from '../../autodiff/formula.ts';
import { transposeMatrices } from '../../autodiff/layout.ts';
import { floatOf, intOf } from '../../onnx/attributes.ts';
import { rewriteGraph } from '../../onnx/copy.ts';
import { dimensionsOf, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { elementCount } from '../../onnx/tensor.ts';

/**
 * Writes products of matrices as ONNX Runtime (1.30) computes them in bfloat16 on Arm processors: as `MatMul` with factors as they lie in
 * memory. `Gemm` and `FusedMatMul` with a transposed factor stay float32 there.
 */
export function multiplyInBfloat16(graph: Graph): Graph {
  return rewriteGraph(graph, (target) => (node, [a, b, c]) => {
    const [output] = node.outputs;
    if (node.operator !== 'Gemm' || node.domain !== '' || a?.type !== 'float32' || !b || !output) return undefined;
    const left = intOf(node, 'transA', 0) === 1 ? transposeMatrices(target, a) : a;
    const product = intOf(node, 'transB', 0) === 1 ? byTransposed(target, left, b) : target.op('MatMul', [left, b]);
    const { mul, add } = formula(target);
    const scaled = scaledBy(floatOf(node, 'alpha', 1), product, mul);
    const sum = c ? add(scaled, scaledBy(floatOf(node, 'beta', 1), c, mul)) : scaled;
    return [target.op('Identity', [sum], {}, { outputs: [output.name] })];
  });
}

/** A · Bᵀ. Of Aᵀ and the product's transpose or Bᵀ, whatever is smaller is written out. */
function byTransposed(graph: Graph, a: Value, b: Value): Value {
  const [rows = 0] = dimensionsOf(a);
  const [columns = 0] = dimensionsOf(b);
  if (elementCount(dimensionsOf(a)) + rows * columns >= elementCount(dimensionsOf(b)))
    return graph.op('MatMul', [a, transposeMatrices(graph, b)]);
  return transposeMatrices(graph, graph.op('MatMul', [b, transposeMatrices(graph, a)]));
}

function scaledBy(factor: number, value: Value, mul: (value: Value, factor: number) => Value): Value {
  return factor === 1 ? value : mul(value, factor);
}
