import { inputOf, intOf } from '../attributes.ts';
import { FAKE_QUANTIZE } from '../ownOperators.ts';
import { dataTypeOf } from '../tensorProto.ts';
import { convolution } from './convolution.ts';
import { matmul } from './linear.ts';
import type { ShapeRule } from './rule.ts';

/** Floats to integers, of the type of the zero point (input 2), of attribute `output_dtype`, or uint8. */
const quantize: ShapeRule = ({ node }) => {
  const code = intOf(node, 'output_dtype', 0);
  const named = code === 0 ? 'uint8' : dataTypeOf(code, `The result of node '${node.name}'`);
  return { results: [{ type: node.inputs[2]?.type ?? named, shape: inputOf(node, 0).shape }] };
};

/** Integers to floats, of the type of the scale (input 1). */
const dequantize: ShapeRule = ({ node }) => ({
  results: [{ type: inputOf(node, 1).type, shape: inputOf(node, 0).shape }],
});

/** Floats to uint8 over the range that they have, with the scale and the zero point that were found. */
const quantizeDynamically: ShapeRule = ({ node }) => ({
  results: [
    { type: 'uint8', shape: inputOf(node, 0).shape },
    { type: 'float32', shape: [] },
    { type: 'uint8', shape: [] },
  ],
});

/** A product of integers, whose inputs after the factors are zero points. */
function ofIntegers(rule: ShapeRule): ShapeRule {
  return (context) => {
    const { results } = rule({ ...context, node: { ...context.node, inputs: context.node.inputs.slice(0, 2) } });
    return { results: results.map(({ shape }) => ({ type: 'int32', shape })) };
  };
}

export const quantizationRules: Readonly<Record<string, ShapeRule>> = {
  QuantizeLinear: quantize,
  DequantizeLinear: dequantize,
  DynamicQuantizeLinear: quantizeDynamically,
  ConvInteger: ofIntegers(convolution),
  MatMulInteger: ofIntegers(matmul),
  [FAKE_QUANTIZE]: ({ node }) => {
    const { type, shape } = inputOf(node, 0);
    return { results: [{ type, shape }] };
  },
};
