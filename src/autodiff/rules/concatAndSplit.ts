import { inputOf, intOf, textOf } from '../../onnx/attributes.ts';
import { dimensionsOf, type Graph } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';
import { toNumbers } from '../../onnx/tensor.ts';
import { formula } from '../formula.ts';
import { concat, flip, insertZeros, pad, reshape, slice, sumOver, zeros } from '../layout.ts';
import { firstOutputGradient, unsupported, type GradientContext, type GradientRule } from '../rule.ts';

const fromFront = (axis: number, rank: number) => (axis < 0 ? axis + rank : axis);

/** Every input gets its own stretch. */
const concatenation: GradientRule = (context) => {
  const { graph, node, needs } = context;
  const g = firstOutputGradient(context);
  const axis = fromFront(intOf(node, 'axis', 0), g.shape.length);
  let start = 0;
  return node.inputs.map((_, index) => {
    const from = start;
    start += dimensionsOf(inputOf(node, index))[axis] ?? 0;
    return needs(index) ? slice(graph, g, [{ axis, start: from, end: start }]) : undefined;
  });
};

/** The pieces' gradients in a row, zeros for a piece that the loss does not depend on. */
const split: GradientRule = ({ graph, node, outputGradients }) => {
  const input = inputOf(node, 0);
  const axis = fromFront(intOf(node, 'axis', 0), input.shape.length);
  const pieces = node.outputs.map((output, index) => {
    if (!output) throw unsupported(node, `output ${index} is missing`);
    return outputGradients[index] ?? zeros(graph, dimensionsOf(output), output);
  });
  return [concat(graph, pieces, axis)];
};

/** Elements of an input that is known before the model runs. */
function knownNumbers({ graph, node }: GradientContext, index: number): number[] | undefined {
  const value = node.inputs[index];
  if (!value) return undefined;
  const tensor = graph.known.get(value.name);
  if (!tensor) throw unsupported(node, `input ${index} is not a constant`);
  return toNumbers(tensor);
}

/** Zeros around the part that was taken, and between its entries where a step was. */
const slicing: GradientRule = (context) => {
  const { graph, node } = context;
  const sizes = dimensionsOf(inputOf(node, 0));
  const starts = knownNumbers(context, 1) ?? [];
  const axes = knownNumbers(context, 3) ?? starts.map((_, axis) => axis);
  const steps = knownNumbers(context, 4) ?? starts.map(() => 1);
  let gradient = firstOutputGradient(context);
  axes.forEach((listed, index) => {
    const axis = fromFront(listed, sizes.length);
    const size = sizes[axis] ?? 0;
    const step = steps[index] ?? 1;
    const start = fromFront(starts[index] ?? 0, size);
    const first = Math.min(Math.max(start, 0), step > 0 ? size : size - 1);
    const taken = dimensionsOf(gradient)[axis] ?? 0;
    if (step < 0) gradient = flip(graph, gradient, [axis]);
    const before = step < 0 ? first + (taken - 1) * step : first;
    gradient = insertZeros(graph, gradient, axis, Math.abs(step));
    const length = dimensionsOf(gradient)[axis] ?? 0;
    gradient = pad(graph, gradient, [{ axis, before, after: size - before - length }]);
  });
  return [gradient];
};

/** The gradient of the margin is dropped, or goes back to the elements that the margin repeats. */
const padding: GradientRule = (context) => {
  const { graph, node } = context;
  const sizes = dimensionsOf(inputOf(node, 0));
  const pads = knownNumbers(context, 1) ?? [];
  const axes = knownNumbers(context, 3)?.map((axis) => fromFront(axis, sizes.length)) ?? [...sizes.keys()];
  let gradient = firstOutputGradient(context);
  const whole = gradient;
  axes.forEach((axis, index) => {
    const before = pads[index] ?? 0;
    const after = pads[index + axes.length] ?? 0;
    gradient = foldMargins(graph, node, gradient, { axis, before, after, size: sizes[axis] ?? 0 });
  });
  if (!context.needs(2)) return [gradient];
  if (pads.some((margin) => margin < 0)) throw unsupported(node, 'it cuts, and its fill value is not a constant');
  // The margin's share of the gradient: all of it but what the elements get.
  const sum = (value: Value): Value => sumOver(graph, value, [...sizes.keys()], false);
  const fill = graph.op('Sub', [sum(whole), sum(gradient)]);
  return [gradient, undefined, reshape(graph, fill, dimensionsOf(inputOf(node, 2)))];
};

interface PaddedAxis {
  readonly axis: number;
  readonly before: number;
  readonly after: number;
  /** Size before the padding. */
  readonly size: number;
}

/** The gradient of one padded axis: that of the middle plus that of the margins, put where each margin came from. */
function foldMargins(graph: Graph, node: Node, gradient: Value, { axis, before, after, size }: PaddedAxis): Value {
  const mode = textOf(node, 'mode', 'constant');
  const middle = pad(graph, gradient, [{ axis, before: -before, after: -after }]);
  if (mode === 'constant' || (before <= 0 && after <= 0)) return middle;
  if (before < 0 || after < 0) throw unsupported(node, `mode ${mode} with a negative margin has no gradient rule`);
  const margins: Value[] = [];
  const total = before + size + after;
  const take = (start: number, end: number) => slice(graph, gradient, [{ axis, start, end }]);
  const put = (part: Value, start: number) => {
    const length = dimensionsOf(part)[axis] ?? 0;
    margins.push(pad(graph, part, [{ axis, before: start, after: size - start - length }]));
  };
  const summed = (part: Value) => graph.op('ReduceSum', [part, graph.integers([axis])]);
  switch (mode) {
    case 'edge':
      if (before > 0) put(summed(take(0, before)), 0);
      if (after > 0) put(summed(take(total - after, total)), size - 1);
      break;
    case 'reflect':
      if (before > 0) put(flip(graph, take(0, before), [axis]), 1);
      if (after > 0) put(flip(graph, take(total - after, total), [axis]), size - 1 - after);
      break;
    case 'wrap':
      if (before > 0) put(take(0, before), size - before);
      if (after > 0) put(take(total - after, total), 0);
      break;
    default:
      throw unsupported(node, `mode ${mode} has no gradient rule`);
  }
  return margins.reduce((sum, margin) => formula(graph).add(sum, margin), middle);
}

export const pieceRules: Readonly<Record<string, GradientRule>> = {
  Concat: concatenation,
  Split: split,
  Slice: slicing,
  Pad: padding,
};
