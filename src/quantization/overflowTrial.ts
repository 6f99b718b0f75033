import { exportModel } from '../onnx/exporting/exportModel.ts';
import { Graph, int, ints } from '../onnx/graph.ts';
import type { ModelProto } from '../onnx/onnx_pb.ts';
import { floatTensor } from '../onnx/tensor.ts';
import { quantizeDynamically } from './dynamicInt8.ts';
import type { WeightBits } from './quantizeWeight.ts';
import { quantizeStatically, valuesToObserve } from './staticInt8.ts';

/** The ways in which a student is put into int8. */
export type IntegerKind = 'static-int8' | 'dynamic-int8' | 'aware-int8';

/** A small network of one product whose activations and weights are all as large as they can be. */
export interface OverflowTrial {
  /** The product, as ONNX names it. */
  readonly operator: 'Conv' | 'Gemm' | 'MatMul';
  readonly model: ModelProto;
  /** Of the input, which is named `input`; all of it is `filledWith`. */
  readonly inputShape: readonly number[];
  readonly filledWith: number;
  /** What every number of the output is, but for rounding; where sums of two products overflow in 16 bits it is about half. */
  readonly exact: number;
}

/** Values that are summed up: enough for the loops over several that processors have special instructions for. */
const WIDTH = 64;
/** The largest activation, so that its scale is 1. */
const LARGEST = 255;

/**
 * What shows whether a processor computes with weights of so many bits what it should: sums of two products, of an activation in uint8
 * and a weight in int8, may be formed in 16 bits where there is no instruction such as VNNI, and 255 · 127 + 255 · 127 does not fit.
 *
 * @returns one network for every product that a student in this form may have, written exactly as in a student
 */
export function overflowTrials(kind: IntegerKind, bits: WeightBits): readonly OverflowTrial[] {
  return (['Conv', 'Gemm', 'MatMul'] as const).map((operator) => {
    const { graph, inputShape } = productOf(operator);
    const model = exportModel(graph, { name: 'trial' });
    return {
      operator,
      model: kind === 'dynamic-int8' ? quantizeDynamically(model, bits) : inStaticInt8(model, bits),
      inputShape,
      filledWith: LARGEST,
      exact: LARGEST * WIDTH,
    };
  });
}

/** Whether an output of a trial is not what it should be. Rounding takes a hundredth at most, an overflow about half. */
export function hasOverflown(output: Float32Array, { exact }: Pick<OverflowTrial, 'exact'>): boolean {
  return output.some((value) => !(Math.abs(value / exact - 1) < 0.1));
}

function productOf(operator: OverflowTrial['operator']): { graph: Graph; inputShape: readonly number[] } {
  const graph = new Graph();
  const isConvolution = operator === 'Conv';
  const inputShape = isConvolution ? [2, WIDTH, 4, 4] : [2, WIDTH];
  const shape = isConvolution ? [WIDTH, WIDTH, 1, 1] : [WIDTH, WIDTH];
  const input = graph.input('input', 'float32', ['batch', ...inputShape.slice(1)]);
  const weight = graph.initializer('weight', floatTensor(new Float32Array(WIDTH * WIDTH).fill(1), shape));
  const attributes = { Conv: { pads: ints([0, 0, 0, 0]) }, Gemm: { transB: int(1) }, MatMul: {} }[operator];
  const product = graph.op(operator, [input, weight], attributes);
  // What flows on from a convolution is quantised, as inside a network.
  graph.output(isConvolution ? graph.op('Flatten', [product]) : product, 'output');
  return { graph, inputShape };
}

function inStaticInt8(model: ModelProto, bits: WeightBits): ModelProto {
  const ranges = valuesToObserve(model).map(
    (name) => [name, { low: 0, high: name === 'input' ? LARGEST : LARGEST * WIDTH }] as const,
  );
  return quantizeStatically(model, new Map(ranges), bits);
}
