import type { NodeProto } from '../onnx/onnx_pb.ts';
import type { Tensor } from '../onnx/tensor.ts';
import { intAttribute, type ModelEditor } from './editModel.ts';

/** A weight with its float32 contents. */
export type FloatWeight = Tensor & { readonly data: Float32Array };

/** A node that multiplies what flows through it by a weight: the kind of node in which a network's time and bytes are. */
export interface WeightedNode {
  readonly node: NodeProto;
  /** Name of what flows in. */
  readonly input: string;
  readonly weightName: string;
  readonly weight: FloatWeight;
  /** The axis of the weight that counts the output channels. */
  readonly channelAxis: number;
  /** One value for each output channel, where the operator has one. */
  readonly bias: FloatWeight | undefined;
}

/** The node as a weighted one; undefined for any other, and where the bias is computed. */
export function weightedNode(node: NodeProto, editor: ModelEditor): WeightedNode | undefined {
  const channelAxis = channelAxisOf(node);
  if (channelAxis === undefined || node.domain !== '') return undefined;
  const [input, weightName, biasName = ''] = node.input;
  const weight = editor.floatWeight(weightName);
  if (input === undefined || weightName === undefined || !weight || weight.shape.length < 2) return undefined;
  if (node.opType === 'MatMul' && weight.shape.length !== 2) return undefined;
  const bias = editor.floatWeight(biasName);
  const channels = weight.shape[channelAxis] ?? 0;
  if (biasName !== '' && bias?.data.length !== channels) return undefined;
  return { node, input, weightName, weight, channelAxis, bias };
}

function channelAxisOf(node: NodeProto): number | undefined {
  switch (node.opType) {
    case 'Conv':
      return 0;
    case 'Gemm':
      return intAttribute(node, 'transB', 0) === 1 ? 0 : 1;
    case 'MatMul':
      return 1;
    default:
      return undefined;
  }
}
