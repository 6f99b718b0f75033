import type { NodeProto } from './onnx_pb.ts';

/** Names of the values that a stored node reads, by graphs within it too; those that these make themselves are left out. */
export function readNames(node: NodeProto): readonly string[] {
  const nested = node.attribute.flatMap(({ g, graphs }) =>
    [...(g ? [g] : []), ...graphs].flatMap((graph) => {
      const own = new Set([...graph.input.map(({ name }) => name), ...graph.node.flatMap(({ output }) => output)]);
      const read = [...graph.node.flatMap(readNames), ...graph.output.map(({ name }) => name)];
      return read.filter((name) => !own.has(name));
    }),
  );
  return [...node.input, ...nested];
}
