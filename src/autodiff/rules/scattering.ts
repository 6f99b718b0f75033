import { inputOf, intOf, textOf } from '../../onnx/attributes.ts';
import { dimensionsOf, int } from '../../onnx/graph.ts';
import type { Attributes, Node } from '../../onnx/node.ts';
import { zeros } from '../layout.ts';
import { firstOutputGradient, unsupported, type GradientRule } from '../rule.ts';

/**
 * The updates get the gradient of the places they were written to; the data get theirs, except where it was overwritten.
 * Places written twice without a reduction are undefined forward already.
 */
const scattering =
  (gather: string, attributesOf: (node: Node) => Attributes): GradientRule =>
  (context) => {
    const { graph, node, needs } = context;
    const g = firstOutputGradient(context);
    const reduction = textOf(node, 'reduction', 'none');
    if (reduction !== 'none' && reduction !== 'add') {
      throw unsupported(node, `reduction ${reduction} has no gradient rule`);
    }
    const attributes = attributesOf(node);
    const indices = inputOf(node, 1);
    const updates = inputOf(node, 2);
    const kept = () => graph.op(node.operator, [g, indices, zeros(graph, dimensionsOf(updates), updates)], attributes);
    return [
      needs(0) ? (reduction === 'add' ? g : kept()) : undefined,
      undefined,
      needs(2) ? graph.op(gather, [g, indices], attributes) : undefined,
    ];
  };

export const scatteringRules: Readonly<Record<string, GradientRule>> = {
  ScatterND: scattering('GatherND', () => ({})),
  ScatterElements: scattering('GatherElements', (node) => ({ axis: int(intOf(node, 'axis', 0)) })),
};
