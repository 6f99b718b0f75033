import type { Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';
import type { DataType } from '../onnx/tensor.ts';

const bytesOfElement: Readonly<Record<DataType, number>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint64: 8,
  uint32: 4,
  uint16: 2,
  uint8: 1,
  bool: 1,
  string: 0,
};

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
    const bytes = bytesOf(value);
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
  const weights = [...graph.initializers.values()].reduce((sum, tensor) => sum + bytesOf(tensor), 0);
  return weights + most;
}

function bytesOf({ type, shape }: Pick<Value, 'type' | 'shape'>): number {
  const elements = shape.reduce<number>((product, size) => product * (typeof size === 'number' ? size : 1), 1);
  return elements * bytesOfElement[type];
}
