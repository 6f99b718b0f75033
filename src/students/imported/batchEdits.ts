import { create } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as AttributeType,
  NodeProtoSchema,
  type GraphProto,
  type NodeProto,
} from '../../onnx/onnx_pb.ts';
import { intTensor } from '../../onnx/tensor.ts';
import { encodeTensor } from '../../onnx/tensorProto.ts';

/** What has to change in a stored graph so that a node follows the batch; nodes are named by their first output that is used. */
export type BatchEdit =
  /** A Reshape gets another constant shape. */
  | { readonly kind: 'shape'; readonly node: string; readonly shape: readonly number[] }
  /** An optional input of the node goes. */
  | { readonly kind: 'omit'; readonly node: string; readonly input: number }
  /** An input of the node is repeated along an axis, as often as another value has elements there. */
  | {
      readonly kind: 'repeat';
      readonly node: string;
      readonly input: number;
      readonly axis: number;
      /** Dimensions of the input, which has one element on the axis. */
      readonly shape: readonly number[];
      readonly like: { readonly name: string; readonly axis: number };
    }
  /** A list of sizes gets that of another value in one place. */
  | {
      readonly kind: 'sizes';
      readonly node: string;
      readonly input: number;
      readonly axis: number;
      readonly sizes: readonly number[];
      readonly like: { readonly name: string; readonly axis: number };
    };

/** Makes the edits. Nodes that are added stand before the node that reads what they give. */
export function applyBatchEdits(graph: GraphProto, edits: readonly BatchEdit[]): void {
  const byNode = new Map<string, BatchEdit[]>();
  for (const edit of edits) byNode.set(edit.node, [...(byNode.get(edit.node) ?? []), edit]);
  graph.node = graph.node.flatMap((node) => {
    const name = node.output.find((output) => output !== '') ?? '';
    const before = (byNode.get(name) ?? []).flatMap((edit) => applyEdit(graph, node, edit));
    return [...before, node];
  });
}

function applyEdit(graph: GraphProto, node: NodeProto, edit: BatchEdit): NodeProto[] {
  const replace = (index: number, name: string): void => {
    node.input = node.input.map((input, other) => (other === index ? name : input));
  };
  const constant = (name: string, values: readonly number[]): string => {
    graph.initializer.push(encodeTensor(name, intTensor(values)));
    return name;
  };
  if (edit.kind === 'shape') {
    replace(1, constant(`${edit.node}.shape`, edit.shape));
    return [];
  }
  if (edit.kind === 'omit') {
    replace(edit.input, '');
    return [];
  }
  const { axis, like } = edit;
  const shape = edit.kind === 'sizes' ? edit.sizes : edit.shape;
  const prefix = `${edit.node}.input${edit.input}`;
  const repeated = `${prefix}.repeated`;
  const outer = axis > 0 ? [constant(`${prefix}.outer`, shape.slice(0, axis))] : [];
  const inner = axis < shape.length - 1 ? [constant(`${prefix}.inner`, shape.slice(axis + 1))] : [];
  const added = [
    nodeOf('Shape', [like.name], `${prefix}.sizes`),
    nodeOf('Gather', [`${prefix}.sizes`, constant(`${prefix}.axis`, [like.axis])], `${prefix}.batch`),
    nodeOf('Concat', [...outer, `${prefix}.batch`, ...inner], `${prefix}.target`, 0),
  ];
  if (edit.kind === 'sizes') {
    replace(edit.input, `${prefix}.target`);
    return added;
  }
  const expanded = nodeOf('Expand', [node.input[edit.input] ?? '', `${prefix}.target`], repeated);
  replace(edit.input, repeated);
  return [...added, expanded];
}

function nodeOf(opType: string, input: readonly string[], output: string, axis?: number): NodeProto {
  const attribute = axis === undefined ? [] : [{ name: 'axis', type: AttributeType.INT, i: BigInt(axis) }];
  return create(NodeProtoSchema, { name: output, opType, input: [...input], output: [output], attribute });
}
