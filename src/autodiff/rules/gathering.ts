import { inputOf, intOf } from '../../onnx/attributes.ts';
import { dimensionsOf, int, text, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { elementCount, intTensor } from '../../onnx/tensor.ts';
import { expand, reshape, zeros } from '../layout.ts';
import { firstOutputGradient, type GradientRule } from '../rule.ts';

/**
 * Zeros with the updates added at their indices along one axis. `ScatterElements` and not the faster `ScatterND`:
 * the latter's reduction loses updates on ONNX Runtime's CPU provider (1.30), where several threads add to the same
 * element without waiting for each other, and indices do come twice (bench/gradients/gather.ts).
 */
function scatterAdd(graph: Graph, shape: readonly number[], indices: Value, updates: Value, axis: number): Value {
  return graph.op('ScatterElements', [zeros(graph, shape, updates), indices, updates], {
    axis: int(axis),
    reduction: text('add'),
  });
}

/** Every slice that was taken gets its gradient; one that was taken several times, the sum. */
const gather: GradientRule = (context) => {
  const { graph, node } = context;
  const g = firstOutputGradient(context);
  const sizes = dimensionsOf(inputOf(node, 0));
  const indices = inputOf(node, 1);
  const listed = intOf(node, 'axis', 0);
  const axis = listed < 0 ? listed + sizes.length : listed;
  const before = elementCount(sizes.slice(0, axis));
  const after = elementCount(sizes.slice(axis + 1));
  const taken = elementCount(dimensionsOf(indices));
  const spread = expand(graph, reshape(graph, indices, [1, taken, 1]), [before, taken, after]);
  const updates = reshape(graph, g, [before, taken, after]);
  const summed = scatterAdd(graph, [before, sizes[axis] ?? 1, after], spread, updates, 1);
  return [reshape(graph, summed, sizes)];
};

const gatherElements: GradientRule = (context) => {
  const { graph, node } = context;
  const sizes = dimensionsOf(inputOf(node, 0));
  return [scatterAdd(graph, sizes, inputOf(node, 1), firstOutputGradient(context), intOf(node, 'axis', 0))];
};

/** The index tuples become positions among all slices that a tuple can name. */
const gatherND: GradientRule = (context) => {
  const { graph, node } = context;
  const g = firstOutputGradient(context);
  const sizes = dimensionsOf(inputOf(node, 0));
  const indices = inputOf(node, 1);
  const batchAxes = intOf(node, 'batch_dims', 0);
  const depth = dimensionsOf(indices).at(-1) ?? 1;
  const batch = elementCount(sizes.slice(0, batchAxes));
  const named = sizes.slice(batchAxes, batchAxes + depth);
  const inner = elementCount(sizes.slice(batchAxes + depth));
  const tuples = elementCount(dimensionsOf(indices)) / depth / batch;
  const flat = reshape(graph, flatPositions(graph, indices, named), [batch, tuples, 1]);
  const updates = reshape(graph, g, [batch, tuples, inner]);
  const spread = expand(graph, flat, [batch, tuples, inner]);
  return [reshape(graph, scatterAdd(graph, [batch, elementCount(named), inner], spread, updates, 1), sizes)];
};

/** Row-major position of every index tuple, the last axis of `indices`, among the slices of these sizes. */
function flatPositions(graph: Graph, indices: Value, sizes: readonly number[]): Value {
  const bounds = graph.integers(sizes);
  const wide = indices.type === 'int64' ? indices : graph.op('Cast', [indices], { to: int(7) });
  const negative = graph.op('Less', [wide, graph.constant(intTensor(0))]);
  const positive = graph.op('Where', [negative, graph.op('Add', [wide, bounds]), wide]);
  const strides = sizes.map((_, axis) => elementCount(sizes.slice(axis + 1)));
  const weighted = graph.op('Mul', [positive, graph.integers(strides)]);
  return graph.op('ReduceSum', [weighted, graph.integers([-1])], { keepdims: int(0) });
}

/** The largest or smallest elements along an axis: each gets its gradient back; no element is taken twice. */
const topK: GradientRule = (context) => {
  const { graph, node } = context;
  const g = firstOutputGradient(context);
  const indices = node.outputs[1];
  const sizes = dimensionsOf(inputOf(node, 0));
  const axis = int(intOf(node, 'axis', -1));
  return [graph.op('ScatterElements', [zeros(graph, sizes, g), indices, g], { axis })];
};

/** What was turned round is turned back. */
const reverseSequence: GradientRule = (context) => {
  const { graph, node } = context;
  const turned = [firstOutputGradient(context), inputOf(node, 1)];
  return [graph.op('ReverseSequence', turned, node.attributes)];
};

export const gatheringRules: Readonly<Record<string, GradientRule>> = {
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherND,
  ReverseSequence: reverseSequence,
  TopK: topK,
};
