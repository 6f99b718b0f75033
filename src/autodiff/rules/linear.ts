import { float, int } from '../../onnx/graph.ts';
import { floatOf, inputOf, intOf } from '../../onnx/attributes.ts';
import { sumToShape } from '../broadcast.ts';
import type { GradientRule } from '../rule.ts';

/** Y = α · op(A) · op(B) + β · C: the gradients are products with the transposed other factor. */
const gemm: GradientRule = ({ graph, node, outputGradients, needs }) => {
  const [g] = outputGradients;
  if (!g) return [];
  const a = inputOf(node, 0);
  const b = inputOf(node, 1);
  const c = node.inputs[2];
  const transA = intOf(node, 'transA', 0);
  const transB = intOf(node, 'transB', 0);
  const alpha = float(floatOf(node, 'alpha', 1));
  const beta = floatOf(node, 'beta', 1);
  const gradientA = () =>
    transA
      ? graph.op('Gemm', [b, g], { alpha, transA: int(transB), transB: int(1) })
      : graph.op('Gemm', [g, b], { alpha, transB: int(1 - transB) });
  const gradientB = () =>
    transB
      ? graph.op('Gemm', [g, a], { alpha, transA: int(1), transB: int(transA) })
      : graph.op('Gemm', [a, g], { alpha, transA: int(1 - transA) });
  const gradientC = () => {
    const scaled = beta === 1 ? g : graph.op('Mul', [g, graph.scalar(beta, g)]);
    return c && sumToShape(graph, scaled, c);
  };
  return [needs(0) ? gradientA() : undefined, needs(1) ? gradientB() : undefined, needs(2) ? gradientC() : undefined];
};

export const linearRules: Readonly<Record<string, GradientRule>> = {
  Gemm: gemm,
};
