import { inputOf, intOf, intsOf, textOf } from '../../onnx/attributes.ts';
import { dimensionsOf, int } from '../../onnx/graph.ts';
import { toNumbers } from '../../onnx/tensor.ts';
import { dataTypeCode } from '../../onnx/tensorProto.ts';
import { reshape, transpose } from '../layout.ts';
import { firstOutputGradient, unsupported, type GradientRule } from '../rule.ts';

/** The same elements in another shape: back to the input's. */
const reshaping: GradientRule = (context) => {
  const { graph, node } = context;
  return [reshape(graph, firstOutputGradient(context), dimensionsOf(inputOf(node, 0)))];
};

const identity: GradientRule = (context) => [firstOutputGradient(context)];

/** Between float types the gradient is cast back. */
const cast: GradientRule = (context) => {
  const { graph, node } = context;
  const g = firstOutputGradient(context);
  const { type } = inputOf(node, 0);
  return [g.type === type ? g : graph.op('Cast', [g], { to: int(dataTypeCode(type)) })];
};

/** The identity of inference. With `training_mode` the mask would be needed. */
const dropout: GradientRule = (context) => {
  const { graph, node } = context;
  const mode = node.inputs[2];
  if (mode) {
    const tensor = graph.initializers.get(mode.name);
    if (!tensor || toNumbers(tensor)[0] !== 0) throw unsupported(node, 'it is in training mode');
  }
  return [firstOutputGradient(context)];
};

/** The inverse permutation. */
const transposition: GradientRule = (context) => {
  const { graph, node } = context;
  const rank = inputOf(node, 0).shape.length;
  const order = intsOf(node, 'perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  const inverse = order.map((_, axis) => order.indexOf(axis));
  return [transpose(graph, firstOutputGradient(context), inverse)];
};

/** Blocks of pixels back to channels. */
const depthToSpace: GradientRule = (context) => {
  const { graph, node } = context;
  const g = firstOutputGradient(context);
  const [batch = 1, channels = 1, height = 1, width = 1] = dimensionsOf(inputOf(node, 0));
  const block = intOf(node, 'blocksize', 1);
  const depth = channels / (block * block);
  const blocks = reshape(graph, g, [batch, depth, height, block, width, block]);
  const order = textOf(node, 'mode', 'DCR') === 'CRD' ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4];
  return [reshape(graph, transpose(graph, blocks, order), [batch, channels, height, width])];
};

/** Channels back to blocks of pixels. */
const spaceToDepth: GradientRule = (context) => {
  const { graph, node } = context;
  return [graph.op('DepthToSpace', [firstOutputGradient(context)], { blocksize: int(intOf(node, 'blocksize', 1)) })];
};

export const reshapingRules: Readonly<Record<string, GradientRule>> = {
  Identity: identity,
  Reshape: reshaping,
  Flatten: reshaping,
  Squeeze: reshaping,
  Unsqueeze: reshaping,
  Cast: cast,
  CastLike: cast,
  Dropout: dropout,
  Transpose: transposition,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
};
