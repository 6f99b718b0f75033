import { clone } from '@bufbuild/protobuf';
import type { ModelFile } from '../file.ts';
import { ModelProtoSchema } from '../onnx_pb.ts';

/**
 * A model no two of whose nodes are called alike. The format allows it, some programs write every node of a kind under one name, and ONNX Runtime
 * refuses it. A model whose nodes have names of their own, or none, is returned as it is.
 */
export function nameNodesApart(file: ModelFile): ModelFile {
  const names = (file.proto.graph?.node ?? []).flatMap(({ name }) => (name === '' ? [] : [name]));
  const taken = new Set(names);
  if (taken.size === names.length) return file;
  const proto = clone(ModelProtoSchema, file.proto);
  const seen = new Set<string>();
  for (const node of proto.graph?.node ?? []) {
    const { name } = node;
    for (let number = 2; node.name !== '' && seen.has(node.name); number++) {
      const apart = `${name}.${number}`;
      if (!taken.has(apart)) node.name = apart;
    }
    seen.add(node.name);
    taken.add(node.name);
  }
  return { ...file, proto, isChanged: true };
}
