import { DistilleryError } from '../../errors.ts';
import { dimensionsOf, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { elementCount } from '../../onnx/tensor.ts';

/** Values of fewer elements are kept: computing them again would cost more than they take. */
const smallValue = 4096;

/**
 * Divides the forward nodes of a training step into segments that keep about as much for the backward pass each, cut where little
 * passes from one to the next.
 *
 * @param forward how many of the graph's nodes, from the first, are the forward pass
 * @param kept names of the values that the backward pass reads
 * @returns index of the first node of each segment but the first, ascending; fewer where the graph does not divide so often
 */
export function divideForward(graph: Graph, forward: number, kept: ReadonlySet<string>, segments: number): number[] {
  const keptElements: number[] = [];
  const crossing = crossingElements(graph, forward);
  let total = 0;
  for (const node of graph.nodes.slice(0, forward)) {
    for (const output of node.outputs) if (output && kept.has(output.name)) total += sizeOf(output);
    keptElements.push(total);
  }
  const cuts: number[] = [];
  for (let segment = 1; segment < segments; segment++) {
    let best: number | undefined;
    for (let index = (cuts.at(-1) ?? 0) + 1; index < forward; index++) {
      const share = ((keptElements[index - 1] ?? 0) / total) * segments;
      if (share < segment - 0.5 || share > segment + 0.5) continue;
      if (best === undefined || (crossing[index] ?? 0) < (crossing[best] ?? 0)) best = index;
    }
    if (best !== undefined) cuts.push(best);
  }
  return cuts;
}

/** For each forward node: elements of the values that are computed before it, and read by it or a forward node after it. */
function crossingElements(graph: Graph, forward: number): number[] {
  const lastRead = new Map<string, number>();
  const nodes = graph.nodes.slice(0, forward);
  nodes.forEach((node, index) => {
    for (const input of node.inputs) if (input) lastRead.set(input.name, index);
  });
  const changes = new Array<number>(forward + 1).fill(0);
  nodes.forEach((node, index) => {
    for (const output of node.outputs) {
      const last = output && lastRead.get(output.name);
      if (!output || last === undefined) continue;
      const size = sizeOf(output);
      changes[index + 1] = (changes[index + 1] ?? 0) + size;
      changes[last + 1] = (changes[last + 1] ?? 0) - size;
    }
  });
  let crossing = 0;
  return changes.map((change) => (crossing += change));
}

/** How many nodes, from the first, compute the loss. */
export function forwardLength(graph: Graph, loss: string): number {
  let value = graph.value(loss);
  for (let producer = graph.producer(value); producer?.operator === 'Identity'; producer = graph.producer(value)) {
    value = producer.inputs[0] ?? value;
  }
  const last = graph.producer(value);
  if (!last) throw new DistilleryError('INTERNAL', `Nothing computes '${loss}'.`);
  return graph.nodes.indexOf(last) + 1;
}

/** Elements of a value that is worth forgetting; 0 of a small one. */
export function sizeOf(value: Value): number {
  const size = elementCount(dimensionsOf(value));
  return size < smallValue ? 0 : size;
}
