import { copyGraph } from '../../onnx/copy.ts';
import { Graph } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';

/** Operators that repeat what has one element along an axis by themselves. */
const BROADCASTING: ReadonlySet<string> = new Set(['Add', 'Div', 'Mul', 'Sub']);

/**
 * The graph without expansions to the shape of what they are added to, multiplied by or divided by, which happens without them: their shapes name
 * the width of what is normalised, as PyTorch's `normalize` writes it, so that no channel could go. A graph without such comes back as it is.
 */
export function dropExpansions(source: Graph): Graph {
  const dropped = new Set(source.nodes.filter((node) => isNeedless(source, node)));
  if (dropped.size === 0) return source;
  const target = new Graph();
  target.reserve(source.names);
  const inputs = source.inputs.map(({ name, type, shape }) => [name, target.input(name, type, shape)] as const);
  const names = new Set([...dropped].map(({ outputs }) => outputs[0]?.name));
  const copies = copyGraph(target, source, {
    bindings: new Map<string, Value>(inputs),
    prefix: '',
    rewrite: ({ operator, domain, name, attributes, outputs }, read) => {
      if (names.has(outputs[0]?.name)) return [read[0]];
      // What was found of open sizes when the file was read stays.
      const results = outputs.map((output) => output ?? { type: 'float32' as const, shape: [] });
      const written = outputs.map((output) => output?.name ?? '');
      return target.node(operator, read, { domain, name, attributes, outputs: written, results });
    },
  });
  for (const [name, tensor] of source.known) if (target.find(name)) target.known.set(name, tensor);
  for (const { name } of source.outputs) target.output(copies.get(name) ?? target.value(name));
  return target;
}

function isNeedless(graph: Graph, { operator, domain, outputs }: Node): boolean {
  const [output] = outputs;
  if (operator !== 'Expand' || domain !== '' || !output || graph.outputs.some(({ name }) => name === output.name))
    return false;
  const readers = graph.nodes.filter(({ inputs }) => inputs.some((input) => input?.name === output.name));
  return readers.every(({ operator: reading, domain: other, inputs }) => {
    const beside = inputs.find((input) => input?.name !== output.name);
    return BROADCASTING.has(reading) && other === '' && beside?.shape.join() === output.shape.join();
  });
}
