import { inputOf, intOf } from '../attributes.ts';
import { dataTypeOf } from '../tensorProto.ts';
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

export const quantizationRules: Readonly<Record<string, ShapeRule>> = {
  QuantizeLinear: quantize,
  DequantizeLinear: dequantize,
};
