import { toBinary } from '@bufbuild/protobuf';
import { DistilleryError } from '../../errors.ts';
import type { Attribute, Attributes } from '../node.ts';
import {
  AttributeProto_AttributeType as AttributeType,
  GraphProtoSchema,
  type AttributeProto,
  type GraphProto,
  type NodeProto,
} from '../onnx_pb.ts';
import { wideTensor } from './narrowNumbers.ts';

/**
 * The attributes of a stored node.
 * @throws DistilleryError `UNSUPPORTED` naming the node and the attribute when it is of a kind that graphs do not have
 */
export function importAttributes(node: NodeProto): Attributes {
  return Object.fromEntries(node.attribute.map((attribute) => [attribute.name, importAttribute(node, attribute)]));
}

function importAttribute(node: NodeProto, attribute: AttributeProto): Attribute {
  const decoder = new TextDecoder();
  switch (attribute.type) {
    case AttributeType.INT:
      return { kind: 'int', value: Number(attribute.i) };
    case AttributeType.FLOAT:
      return { kind: 'float', value: attribute.f };
    case AttributeType.STRING:
      return { kind: 'string', value: decoder.decode(attribute.s) };
    case AttributeType.INTS:
      return { kind: 'ints', value: attribute.ints.map(Number) };
    case AttributeType.FLOATS:
      return { kind: 'floats', value: attribute.floats };
    case AttributeType.STRINGS:
      return { kind: 'strings', value: attribute.strings.map((text) => decoder.decode(text)) };
    case AttributeType.TENSOR:
      if (attribute.t) return { kind: 'tensor', value: wideTensor(attribute.t) };
      break;
    case AttributeType.GRAPH:
      if (attribute.g) {
        return { kind: 'graph', bytes: toBinary(GraphProtoSchema, attribute.g), captures: capturesOf(attribute.g) };
      }
      break;
    case AttributeType.UNDEFINED:
    case AttributeType.TENSORS:
    case AttributeType.GRAPHS:
    case AttributeType.SPARSE_TENSOR:
    case AttributeType.SPARSE_TENSORS:
    case AttributeType.TYPE_PROTO:
    case AttributeType.TYPE_PROTOS:
      break;
  }
  const isKnown = attribute.type !== AttributeType.UNDEFINED;
  const kind = isKnown ? AttributeType[attribute.type].toLowerCase() : 'unknown';
  throw new DistilleryError(
    'UNSUPPORTED',
    `Node '${node.name}' (${node.opType}): attribute '${attribute.name}' of kind ${kind} is not supported.`,
  );
}

/** Names that a nested graph reads and does not produce itself. */
function capturesOf(graph: GraphProto): string[] {
  const own = new Set([...graph.input.map(({ name }) => name), ...graph.initializer.map(({ name }) => name)]);
  const captures = new Set<string>();
  const read = (name: string): void => {
    if (name !== '' && !own.has(name)) captures.add(name);
  };
  for (const node of graph.node) {
    node.input.forEach(read);
    for (const attribute of node.attribute) if (attribute.g) capturesOf(attribute.g).forEach(read);
    for (const output of node.output) own.add(output);
  }
  for (const { name } of graph.output) read(name);
  return [...captures];
}
