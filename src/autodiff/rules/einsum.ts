import { inputOf } from '../../onnx/attributes.ts';
import { dimensionsOf, text } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';
import { labelledEquation, type Equation } from '../../onnx/shapes/einsum.ts';
import { expand, reshape } from '../layout.ts';
import { firstOutputGradient, unsupported, type GradientContext, type GradientRule } from '../rule.ts';

/**
 * The gradient with respect to one factor is an Einsum of the output's gradient and the other factors. An axis that no
 * other term has was summed alone: its gradient is the same all along it. An axis that was repeated is summed.
 */
const einsum: GradientRule = (context) => {
  const { node, needs } = context;
  const equation = labelledEquation(node);
  return node.inputs.map((_, index) => (needs(index) ? factorGradient(context, equation, index) : undefined));
};

function factorGradient(context: GradientContext, { inputs, output }: Equation, index: number): Value {
  const { graph, node } = context;
  const labels = inputs[index] ?? [];
  if (new Set(labels).size < labels.length) {
    throw unsupported(node, `a letter stands twice in one term, a diagonal`);
  }
  const sizes = dimensionsOf(inputOf(node, index));
  const others = inputs.filter((_, other) => other !== index);
  const elsewhere = new Set([...output, ...others.flat()]);
  const kept = labels.filter(
    (label, axis) => elsewhere.has(label) && (sizes[axis] !== 1 || !isLonger(node, inputs, label)),
  );
  const terms = [output, ...others].map((term) => term.join('')).join(',');
  const factors = node.inputs.filter((_, other) => other !== index);
  const gradient = graph.op('Einsum', [firstOutputGradient(context), ...factors], {
    equation: text(`${terms}->${kept.join('')}`),
  });
  const found = dimensionsOf(gradient);
  const spread = labels.map((label) => (kept.includes(label) ? (found[kept.indexOf(label)] ?? 1) : 1));
  return expand(graph, reshape(graph, gradient, spread), sizes);
}

/** Whether an axis of size 1 was repeated because another factor is longer there. */
function isLonger(node: Node, inputs: readonly (readonly string[])[], label: string): boolean {
  return inputs.some((labels, index) => {
    const axis = labels.indexOf(label);
    return axis >= 0 && dimensionsOf(inputOf(node, index))[axis] !== 1;
  });
}

export const einsumRules: Readonly<Record<string, GradientRule>> = { Einsum: einsum };
