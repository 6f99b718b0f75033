import type { Graph } from '../../onnx/graph.ts';

/** Names of the values of a graph that are the same for all samples: initializers, and what is computed from them and from shapes alone. */
export function constantValues(graph: Graph): ReadonlySet<string> {
  const constants = new Set(graph.initializers.keys());
  for (const node of graph.nodes) {
    const captures = Object.values(node.attributes).flatMap((each) => (each.kind === 'graph' ? each.captures : []));
    // What another value gives is its type alone.
    const inputs = node.operator === 'CastLike' ? node.inputs.slice(0, 1) : node.inputs;
    const read = [...inputs.flatMap((input) => (input ? [input.name] : [])), ...captures];
    const isRandom =
      node.operator.startsWith('Random') || node.operator === 'Bernoulli' || node.operator === 'Multinomial';
    if (isRandom || (node.operator !== 'Shape' && read.some((name) => !constants.has(name)))) continue;
    for (const output of node.outputs) if (output) constants.add(output.name);
  }
  return constants;
}
