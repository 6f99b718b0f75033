import { Graph } from './graph.ts';
import type { Node, Value } from './node.ts';

/**
 * A copy of a graph with nothing in it that its outputs do not need. Integer and boolean values that are known without
 * running the graph become initializers, and what computed them goes. Inputs stay, whether they are read or not.
 */
export function pruneGraph(graph: Graph): Graph {
  const live = new Set(graph.outputs.map((output) => output.name));
  const nodes: Node[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((output) => output && live.has(output.name))) continue;
    if (node.outputs.every((output) => !output || isFolded(graph, output))) continue;
    nodes.unshift(node);
    for (const input of node.inputs) if (input) live.add(input.name);
    for (const attribute of Object.values(node.attributes)) {
      if (attribute.kind === 'graph') for (const name of attribute.captures) live.add(name);
    }
  }
  return rebuild(graph, nodes, live);
}

function rebuild(graph: Graph, nodes: readonly Node[], live: ReadonlySet<string>): Graph {
  const result = new Graph();
  for (const { name, type, shape } of graph.inputs) result.input(name, type, shape);
  for (const [name, tensor] of graph.initializers)
    if (live.has(name)) result.initializer(name, tensor, graph.isConstant(name));
  for (const [name, tensor] of graph.known) {
    if (!live.has(name)) continue;
    const value = graph.find(name);
    if (value && isFolded(graph, value)) result.initializer(name, tensor);
    result.known.set(name, tensor);
  }
  for (const { operator, domain, name, inputs, outputs, attributes } of nodes) {
    result.node(
      operator,
      inputs.map((input) => input && result.value(input.name)),
      {
        domain,
        name,
        attributes,
        outputs: outputs.map((output) => output?.name ?? ''),
        results: outputs.map((output) => output ?? { type: 'float32', shape: [] }),
      },
    );
  }
  for (const output of graph.outputs) result.output(result.value(output.name));
  return result;
}

/**
 * Whether a computed value becomes a constant. Floats do not: they may come from weights, which training changes.
 */
function isFolded(graph: Graph, value: Value): boolean {
  const float = value.type === 'float32' || value.type === 'float64' || value.type === 'float16';
  return !float && graph.known.has(value.name) && graph.producer(value) !== undefined;
}
