import type { NodeProto } from '../onnx/onnx_pb.ts';
import type { ModelEditor } from './editModel.ts';

/** A Relu or a Clip from 0 on: what integers without sign do by themselves, as they end at both sides. */
export interface Activation {
  readonly node: NodeProto;
  /** What it computes. */
  readonly output: string;
  /** The largest number that it lets through; infinite of a Relu. */
  readonly highest: number;
}

/**
 * The activation of a convolution: the only node that reads it, where that is a Relu or a Clip with constant bounds of 0 and more. Values are
 * quantised past it, so that no integer stands for what it takes away.
 */
export function activationAfter(convolution: NodeProto, editor: ModelEditor): Activation | undefined {
  const [output = ''] = convolution.output;
  const readers = editor.nodes.filter(({ input }) => input.includes(output));
  const [node] = readers;
  if (readers.length !== 1 || !node || editor.outputs.includes(output)) return undefined;
  const [activated] = node.output;
  if (activated === undefined || node.input[0] !== output) return undefined;
  if (node.opType === 'Relu') return { node, output: activated, highest: Infinity };
  if (node.opType !== 'Clip') return undefined;
  const [lowest, highest] = [1, 2].map((index) => editor.floatConstant(node.input[index])?.data[0]);
  return lowest === 0 && highest !== undefined && highest > 0 ? { node, output: activated, highest } : undefined;
}
