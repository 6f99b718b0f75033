import type { GraphProto, NodeProto, ValueInfoProto } from '../onnx_pb.ts';
import { readNames } from '../readNames.ts';
import { dataTypeCode } from '../tensorProto.ts';

/**
 * The outputs of a graph that are tensors of numbers. Lists, maps, optional values and texts beside them, as classifiers give the names of what they
 * decided, are no concern of training; all outputs where there are no others.
 */
export function tensorOutputs({ output }: GraphProto): readonly ValueInfoProto[] {
  const plain = output.filter(isTensor);
  return plain.length > 0 ? plain : output;
}

/** Whether an output is a tensor of numbers, or its file says nothing of it. */
export function isTensor({ type }: ValueInfoProto): boolean {
  // Lists, maps and optional values are fields that are not read.
  if (type?.value.case === undefined) return (type?.$unknown ?? []).length === 0;
  return type.value.value.elemType !== dataTypeCode('string');
}

/** The nodes that lists, maps and texts among the outputs need and no other output does. */
export function nodesBeside(graph: GraphProto): ReadonlySet<NodeProto> {
  const plain = tensorOutputs(graph);
  if (plain.length === graph.output.length) return new Set();
  const needed = needs(graph, plain);
  return new Set([...needs(graph, graph.output)].filter((node) => !needed.has(node)));
}

/** The nodes that outputs are computed by, which stand behind those that they read from. */
function needs({ node: nodes }: GraphProto, outputs: readonly ValueInfoProto[]): ReadonlySet<NodeProto> {
  const wanted = new Set(outputs.map(({ name }) => name));
  const found = new Set<NodeProto>();
  for (const node of nodes.toReversed()) {
    if (!node.output.some((name) => wanted.has(name))) continue;
    found.add(node);
    for (const name of readNames(node)) wanted.add(name);
  }
  return found;
}
