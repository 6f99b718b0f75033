import { DistilleryError } from '../../errors.ts';
import { intOf } from '../../onnx/attributes.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';
import { toNumbers } from '../../onnx/tensor.ts';
import { changedAxis } from './batchPosition.ts';

/**
 * Refuses a node that picks samples of the batch by their number, which is right for the old batch alone: with more samples it would take
 * the same ones for all.
 *
 * @param inputs what the node reads in the graph with the larger batch
 * @throws DistilleryError `UNSUPPORTED` naming the node
 */
export function refusePickedSamples(larger: Graph, node: Node, inputs: readonly (Value | undefined)[]): void {
  const axis = changedAxis(node.inputs[0], inputs[0]);
  const rank = inputs[0]?.shape.length ?? 0;
  if (axis === undefined || !isPicked(larger, node, inputs, { axis, rank })) return;
  throw new DistilleryError(
    'UNSUPPORTED',
    `Node '${node.name}' (${node.operator}) picks samples of the batch by their number.`,
  );
}

function isPicked(
  larger: Graph,
  node: Node,
  inputs: readonly (Value | undefined)[],
  { axis, rank }: { readonly axis: number; readonly rank: number },
): boolean {
  const positive = (place: number): number => (place < 0 ? place + rank : place);
  switch (node.operator) {
    case 'Gather':
    case 'GatherElements':
    case 'ScatterElements':
      return positive(intOf(node, 'axis', 0)) === axis;
    case 'GatherND':
    case 'ScatterND': {
      const depth = Number(inputs[1]?.shape.at(-1) ?? 0);
      const before = intOf(node, 'batch_dims', 0);
      return axis >= before && axis < before + depth;
    }
    case 'Slice': {
      const [starts, ends, given] = [1, 2, 3].map((index) => numbersOf(larger, inputs[index]));
      const at = given ? given.map(positive).indexOf(axis) : axis;
      const [start, end] = [starts?.[at], ends?.[at]];
      if (start === undefined || end === undefined) return false;
      const size = Number(inputs[0]?.shape[axis]);
      return !(start === 0 || start <= -size) || end < size;
    }
    default:
      return false;
  }
}

function numbersOf(graph: Graph, value: Value | undefined): readonly number[] | undefined {
  const known = value && (graph.known.get(value.name) ?? graph.initializers.get(value.name));
  return known && toNumbers(known);
}
