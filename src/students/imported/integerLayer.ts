import type { AttributeProto, NodeProto } from '../../onnx/onnx_pb.ts';
import type { DequantizedGraph } from './dequantizedGraph.ts';

/** Writes a node in floats; false where it is in a form that stays, to be refused or understood later. */
export type IntegerLayer = (graph: DequantizedGraph, node: NodeProto) => boolean;

/** An attribute that is a whole number, or what it is where a node does not have it. */
export function intOf(node: NodeProto, name: string, otherwise: number): number {
  const found = node.attribute.find((attribute: AttributeProto) => attribute.name === name);
  return found ? Number(found.i) : otherwise;
}
