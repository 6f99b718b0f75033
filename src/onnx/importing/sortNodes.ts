import type { GraphProto, NodeProto } from '../onnx_pb.ts';
import { readNames } from '../readNames.ts';

/**
 * Puts nodes behind those that they read from, where a file has them in another order, as some programs write and ONNX Runtime reads them. What
 * is in order stays as it is; so do nodes that read from each other in a circle, at the end.
 */
export function sortNodes(graph: GraphProto): void {
  const produced = new Map(graph.node.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const seen = new Set<NodeProto>();
  if (graph.node.every((node) => isBehind(node, produced, seen))) return;
  const waiting = new Map(graph.node.map((node) => [node, sourcesOf(node, produced)]));
  const readers = new Map<NodeProto, NodeProto[]>();
  for (const [node, sources] of waiting)
    for (const source of sources) readers.set(source, [...(readers.get(source) ?? []), node]);
  const sorted: NodeProto[] = [];
  const ready = graph.node.filter((node) => waiting.get(node)?.size === 0);
  for (const node of ready) {
    sorted.push(node);
    for (const reader of readers.get(node) ?? []) {
      const sources = waiting.get(reader);
      sources?.delete(node);
      if (sources?.size === 0) ready.push(reader);
    }
  }
  const done = new Set(sorted);
  graph.node = [...sorted, ...graph.node.filter((node) => !done.has(node))];
}

function isBehind(node: NodeProto, produced: ReadonlyMap<string, NodeProto>, seen: Set<NodeProto>): boolean {
  const isRight = [...sourcesOf(node, produced)].every((source) => seen.has(source));
  seen.add(node);
  return isRight;
}

/** The nodes that a node reads from, by graphs within it too. */
function sourcesOf(node: NodeProto, produced: ReadonlyMap<string, NodeProto>): Set<NodeProto> {
  return new Set(
    readNames(node).flatMap((name) => {
      const source = produced.get(name);
      return source && source !== node ? [source] : [];
    }),
  );
}
