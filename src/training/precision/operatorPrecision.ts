import type { Node } from '../../onnx/node.ts';

/** What an operator computes in, in a network that is trained with half precision. */
export type OperatorPrecision =
  /** float16: products of matrices, where nearly all the time goes and where devices add up in float32 themselves. */
  | 'half'
  /** float32, and the result stays float32. */
  | 'single'
  /** float32, and the result has the type of the first input. */
  | 'single inside'
  /** The widest type of the activations that it reads: what passes numbers on, or rounds them no worse than its input was. */
  | 'widest';

const half = ['Conv', 'ConvTranspose', 'MatMul', 'Gemm', 'Einsum'];

/**
 * Operators that float16 would spoil, as PyTorch's autocast has them where it has them: exponentials and powers leave the range of
 * float16 (largest number 65504) or lose small numbers (below 6e-8), sums over many elements do both, normalisations are sums of
 * squares with a small constant under a root. `GlobalAveragePool`, `ReduceMean` and the recurrent networks are not in PyTorch's list: its kernels
 * add up in float32 by themselves, and its recurrent networks are kernels of their own, here they are unrolled. ONNX has `Celu` in float32 only.
 */
const single = [
  ...['Exp', 'Log', 'Pow', 'Reciprocal', 'Sqrt', 'Softplus', 'Mish', 'Celu', 'Sinh', 'Cosh', 'Tan', 'Asin', 'Acos'],
  ...['Softmax', 'LogSoftmax'],
  ...['LayerNormalization', 'GroupNormalization', 'InstanceNormalization', 'RMSNormalization', 'LRN'],
  ...['MeanVarianceNormalization', 'LpNormalization', 'SimplifiedLayerNormalization'],
  ...['ReduceSum', 'ReduceMean', 'ReduceProd', 'ReduceL1', 'ReduceL2', 'ReduceSumSquare'],
  ...['ReduceLogSum', 'ReduceLogSumExp', 'CumSum'],
  ...['GlobalAveragePool', 'GlobalLpPool', 'LpPool', 'LSTM', 'GRU', 'RNN'],
];

const precisions: ReadonlyMap<string, OperatorPrecision> = new Map([
  ...half.map((operator) => [operator, 'half'] as const),
  ...single.map((operator) => [operator, 'single'] as const),
  // Images are large: batch normalisation hands them on in float16, as cuDNN does under PyTorch.
  ['BatchNormalization', 'single inside'],
]);

/** What a node of a network is computed in. */
export function operatorPrecision({ operator }: Pick<Node, 'operator'>): OperatorPrecision {
  return precisions.get(operator) ?? 'widest';
}
