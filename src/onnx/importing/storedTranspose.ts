import { create } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as AttributeType,
  NodeProtoSchema,
  type GraphProto,
  type NodeProto,
} from '../onnx_pb.ts';

/** A Transpose as a file stores it. @param order of the axes of what it reads */
export function storedTranspose(input: string, output: string, order: readonly number[]): NodeProto {
  const perm = { name: 'perm', type: AttributeType.INTS, ints: order.map(BigInt) };
  const name = `${input} → ${output}`;
  return create(NodeProtoSchema, { name, opType: 'Transpose', input: [input], output: [output], attribute: [perm] });
}

/** Has nodes read another value, also those of nested graphs that do not call something of their own so. */
export function readInPlaceOf(graph: GraphProto, name: string, other: string): void {
  for (const node of graph.node) {
    node.input = node.input.map((input) => (input === name ? other : input));
    for (const { g: nested } of node.attribute) {
      if (!nested || [...nested.input, ...nested.initializer].some((own) => own.name === name)) continue;
      readInPlaceOf(nested, name, other);
    }
  }
}
