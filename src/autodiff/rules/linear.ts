import { dimensionsOf, float, int, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { floatOf, inputOf, intOf } from '../../onnx/attributes.ts';
import { elementCount } from '../../onnx/tensor.ts';
import { sumToShape } from '../broadcast.ts';
import { formula } from '../formula.ts';
import { reshape, transposeMatrices } from '../layout.ts';
import { firstOutputGradient, unsupported, type GradientContext, type GradientRule } from '../rule.ts';

/** Y = α · op(A) · op(B) + β · C: the gradients are products with the transposed other factor. */
const gemm: GradientRule = (context) => {
  const { graph, node, needs } = context;
  const g = firstOutputGradient(context);
  const a = inputOf(node, 0);
  const b = inputOf(node, 1);
  const transA = intOf(node, 'transA', 0);
  const transB = intOf(node, 'transB', 0);
  const alpha = float(floatOf(node, 'alpha', 1));
  const gradientA = () =>
    transA
      ? graph.op('Gemm', [b, g], { alpha, transA: int(transB), transB: int(1) })
      : graph.op('Gemm', [g, b], { alpha, transB: int(1 - transB) });
  const gradientB = () =>
    transB
      ? graph.op('Gemm', [g, a], { alpha, transA: int(1), transB: int(transA) })
      : graph.op('Gemm', [a, g], { alpha, transA: int(1 - transA) });
  const gradientC = () => {
    const summed = sumToShape(graph, g, inputOf(node, 2));
    const beta = floatOf(node, 'beta', 1);
    return beta === 1 ? summed : formula(graph).mul(summed, beta);
  };
  return [needs(0) ? gradientA() : undefined, needs(1) ? gradientB() : undefined, needs(2) ? gradientC() : undefined];
};

/** Batched product of matrices; a vector on the left is a row, on the right a column. */
const matmul: GradientRule = (context) => {
  const { graph, node } = context;
  const a = inputOf(node, 0);
  const b = inputOf(node, 1);
  const rows = a.shape.length === 1 ? reshape(graph, a, [1, ...dimensionsOf(a)]) : a;
  const columns = b.shape.length === 1 ? reshape(graph, b, [...dimensionsOf(b), 1]) : b;
  const g = matrixGradient(graph, firstOutputGradient(context), a, b);
  return factorGradients(context, g, rows, columns);
};

/** α · op(A) · op(B), op a transpose of the last two axes: the gradient of a transposed factor is transposed back. */
const fusedMatmul: GradientRule = (context) => {
  const { graph, node, needs } = context;
  if (intOf(node, 'transBatchA', 0) || intOf(node, 'transBatchB', 0)) {
    throw unsupported(node, 'transposed batch axes have no gradient rule');
  }
  const a = inputOf(node, 0);
  const b = inputOf(node, 1);
  if (a.shape.length < 2 || b.shape.length < 2) throw unsupported(node, 'the factors must be matrices');
  const [transA, transB] = [intOf(node, 'transA', 0) === 1, intOf(node, 'transB', 0) === 1];
  const alpha = floatOf(node, 'alpha', 1);
  const gradient = firstOutputGradient(context);
  const g = alpha === 1 ? gradient : formula(graph).mul(gradient, alpha);
  const byA = () => {
    const other = transB ? b : transposeMatrices(graph, b);
    const product = graph.op(
      'MatMul',
      transA ? [transposeMatrices(graph, other), transposeMatrices(graph, g)] : [g, other],
    );
    return sumToShape(graph, product, a);
  };
  const byB = () => {
    const other = transA ? a : transposeMatrices(graph, a);
    const product = graph.op(
      'MatMul',
      transB ? [transposeMatrices(graph, g), transposeMatrices(graph, other)] : [other, g],
    );
    return sumToShape(graph, product, b);
  };
  return [needs(0) ? byA() : undefined, needs(1) ? byB() : undefined];
};

/** The gradient with the axes back that the product of a vector lost. */
function matrixGradient(graph: Graph, g: Value, a: Value, b: Value): Value {
  const sizes = [...dimensionsOf(g)];
  if (b.shape.length === 1) sizes.push(1);
  if (a.shape.length === 1) sizes.splice(-1, 0, 1);
  return reshape(graph, g, sizes);
}

/** dA = dY · Bᵀ and dB = Aᵀ · dY in the shapes of the node's inputs. */
function factorGradients({ graph, node, needs }: GradientContext, g: Value, a: Value, b: Value): (Value | undefined)[] {
  const byA = () => sumToShape(graph, graph.op('MatMul', [g, transposeMatrices(graph, b)]), a);
  const byB = () => {
    if (b.shape.length > 2) return sumToShape(graph, graph.op('MatMul', [transposeMatrices(graph, a), g]), b);
    // One matrix for the whole batch: one product of all rows instead of one per batch entry and a sum.
    const flat = (value: Value) => {
      const width = dimensionsOf(value).at(-1) ?? 1;
      return reshape(graph, value, [elementCount(dimensionsOf(value)) / width, width]);
    };
    return graph.op('Gemm', [flat(a), flat(g)], { transA: int(1) });
  };
  return [
    needs(0) ? reshape(graph, byA(), dimensionsOf(inputOf(node, 0))) : undefined,
    needs(1) ? reshape(graph, byB(), dimensionsOf(inputOf(node, 1))) : undefined,
  ];
}

export const linearRules: Readonly<Record<string, GradientRule>> = {
  Gemm: gemm,
  MatMul: matmul,
  'com.microsoft.FusedMatMul': fusedMatmul,
};
