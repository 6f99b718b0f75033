import type { Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';
import { byteCount } from '../onnx/tensor.ts';

/**
 * Bytes that one run of a graph holds at once: its weights, and the most values that are alive together when nodes run in their order and
 * a value is given up after its last reader. What an engine takes for itself, or saves by computing in place, is not in it. A symbolic
 * dimension counts once, so that a graph with a symbolic batch gives what one sample takes.
 */
export function workingMemory(graph: Graph): number {
  const lastReader = new Map<string, number>();
  graph.nodes.forEach(({ inputs }, index) => {
    for (const input of inputs) if (input) lastReader.set(input.name, index);
  });
  for (const { name } of graph.outputs) lastReader.set(name, graph.nodes.length);
  const givenUpAfter = new Map<number, number>();
  let alive = 0;
  const hold = (value: Value): void => {
    const last = lastReader.get(value.name);
    if (last === undefined) return;
    const bytes = byteCount(value);
    alive += bytes;
    givenUpAfter.set(last, (givenUpAfter.get(last) ?? 0) + bytes);
  };
  for (const input of graph.inputs) hold(input);
  let most = alive;
  graph.nodes.forEach(({ outputs }, index) => {
    for (const output of outputs) if (output) hold(output);
    most = Math.max(most, alive);
    alive -= givenUpAfter.get(index) ?? 0;
  });
  const weights = [...graph.initializers.values()].reduce((sum, tensor) => sum + byteCount(tensor), 0);
  return weights + most;
}
