import { inputOf, intOf, textOf } from '../../onnx/attributes.ts';
import { dimensionsOf, int, text } from '../../onnx/graph.ts';
import type { Attributes, Node, Value } from '../../onnx/node.ts';
import { formula } from '../formula.ts';
import { zeros } from '../layout.ts';
import { firstOutputGradient, outputOf, unsupported, type GradientRule } from '../rule.ts';

/**
 * Of the largest (or smallest) of the numbers at a place, the old one among them: its gradient goes to those that are it, in equal shares, as
 * PyTorch's `scatter_reduce` does.
 */
const extremum: (gather: string, attributesOf: (node: Node) => Attributes) => GradientRule =
  (gather, attributesOf) => (context) => {
    const { graph, node, needs } = context;
    const g = firstOutputGradient(context);
    const attributes = attributesOf(node);
    const [data, indices, updates] = [inputOf(node, 0), inputOf(node, 1), inputOf(node, 2)];
    const taken = outputOf(node, 0);
    const at = (value: Value): Value => graph.op(gather, [value, indices], attributes);
    const { mul, div, isEqual } = formula(graph);
    const [old, written] = [isEqual(data, taken), isEqual(updates, at(taken))];
    const winners = graph.op(node.operator, [old, indices, written], { ...attributes, reduction: text('add') });
    const share = div(g, winners);
    return [needs(0) ? mul(share, old) : undefined, undefined, needs(2) ? mul(at(share), written) : undefined];
  };

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
    if (reduction === 'max' || reduction === 'min') return extremum(gather, attributesOf)(context);
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
