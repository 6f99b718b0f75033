import { create } from '@bufbuild/protobuf';
import { OperatorSetIdProtoSchema, type ModelProto, type NodeProto } from '../onnx/onnx_pb.ts';
import { floatTensor } from '../onnx/tensor.ts';
import { floatAttribute, intAttribute, ModelEditor, nodeOf } from './editModel.ts';
import type { FloatWeight } from './weightedNodes.ts';
import { weightedNode, type WeightedNode } from './weightedNodes.ts';

/** Weights along what flows in that share a scale. */
const BLOCK = 32;
/** The whole number that stands for 0; numbers go from 0 to 15. */
const ZERO = 8;
/** Matrices of fewer weights have as many bytes in scales and blocks that are not full. */
const FEWEST_ELEMENTS = 256;
/** Of the scale at which the largest weight of a block is exact: smaller ones cut it, and are finer for all others. */
const SCALES = [1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7];
/** The domain of ONNX Runtime's own operators. */
const RUNTIME = 'com.microsoft';

/**
 * The model with the matrices of its dense layers in 4 bits, 32 weights along what flows in with a scale of their own, as ONNX Runtime's
 * `MatMulNBits` computes with them; activations stay floats. Convolutions, recurrent layers and small matrices stay as they are.
 *
 * @returns undefined where nothing is left to be written in 4 bits
 */
export function storeInInt4(model: ModelProto): ModelProto | undefined {
  const editor = new ModelEditor(model);
  let stored = 0;
  const nodes = editor.nodes.flatMap((node) => {
    const weighted = weightedNode(node, editor);
    if (!weighted || !isDense(node) || weighted.weight.data.length < FEWEST_ELEMENTS) return [node];
    stored++;
    return productOfBits(weighted, editor);
  });
  if (stored === 0) return undefined;
  editor.replaceNodes(nodes);
  const { opsetImport } = editor.model;
  if (!opsetImport.some(({ domain }) => domain === RUNTIME)) {
    opsetImport.push(create(OperatorSetIdProtoSchema, { domain: RUNTIME, version: 1n }));
  }
  return editor.model;
}

/** Whether the node is a product with a matrix and a bias and nothing else. */
function isDense(node: NodeProto): boolean {
  if (node.opType === 'MatMul') return true;
  const isPlain = floatAttribute(node, 'alpha', 1) === 1 && floatAttribute(node, 'beta', 1) === 1;
  return node.opType === 'Gemm' && isPlain && intAttribute(node, 'transA', 0) === 0;
}

function productOfBits(
  { node, input, weight, weightName, channelAxis, bias }: WeightedNode,
  editor: ModelEditor,
): readonly NodeProto[] {
  const { packed, scales, channels, width } = packInInt4(weight, channelAxis);
  const blocks = Math.ceil(width / BLOCK);
  const bits = editor.addWeight(`${weightName}.int4`, {
    type: 'uint8',
    shape: [channels, blocks, BLOCK / 2],
    data: packed,
  });
  const scale = editor.addWeight(`${weightName}.scale`, floatTensor(scales, [channels * blocks]));
  const [output = ''] = node.output;
  const product = bias ? editor.freshName(`${output}.product`) : output;
  const attributes = { K: width, N: channels, bits: 4, block_size: BLOCK };
  return [
    Object.assign(nodeOf('MatMulNBits', [input, bits, scale], [product], attributes), { domain: RUNTIME }),
    ...(bias
      ? [nodeOf('Add', [product, editor.addWeight(`${weightName}.bias`, floatTensor(bias.data, [channels]))], [output])]
      : []),
  ];
}

/**
 * A matrix in whole numbers of 4 bits, two in a byte, the first in its lower half: weight = (number − 8) · scale of its block.
 * The scale of a block is the one among a few whose squared error is least.
 *
 * @param axis that counts the output channels
 * @returns numbers [channels, blocks, 16] and scales [channels, blocks]
 */
export function packInInt4(
  { shape, data }: FloatWeight,
  axis: number,
): {
  readonly packed: Uint8Array;
  readonly scales: Float32Array;
  readonly channels: number;
  readonly width: number;
} {
  const [channels = 1, width = 1] = axis === 0 ? shape : [...shape].reverse();
  const blocks = Math.ceil(width / BLOCK);
  const packed = new Uint8Array((channels * blocks * BLOCK) / 2);
  const scales = new Float32Array(channels * blocks);
  const at = (channel: number, row: number): number =>
    row >= width ? 0 : (data[axis === 0 ? channel * width + row : row * channels + channel] ?? 0);
  for (let channel = 0; channel < channels; channel++) {
    for (let block = 0; block < blocks; block++) {
      const own = Float32Array.from({ length: BLOCK }, (_, index) => at(channel, block * BLOCK + index));
      const scale = finestScale(own);
      const place = channel * blocks + block;
      scales[place] = scale;
      own.forEach((value, index) => {
        const byte = place * (BLOCK / 2) + Math.floor(index / 2);
        packed[byte] = (packed[byte] ?? 0) | (numberOf(value, scale) << (4 * (index % 2)));
      });
    }
  }
  return { packed, scales, channels, width };
}

/** The scale of a block; negative where its largest weight is positive, as there is one more number below 0 than above. */
function finestScale(block: Float32Array): number {
  const largest = block.reduce((found, value) => (Math.abs(value) > Math.abs(found) ? value : found), 0);
  if (largest === 0) return 1;
  let best = { scale: 1, error: Infinity };
  for (const share of SCALES) {
    const scale = Math.fround((share * largest) / -ZERO);
    const error = block.reduce((sum, value) => sum + (value - (numberOf(value, scale) - ZERO) * scale) ** 2, 0);
    if (error < best.error) best = { scale, error };
  }
  return best.scale;
}

function numberOf(value: number, scale: number): number {
  return Math.max(0, Math.min(2 * ZERO - 1, Math.round(value / scale) + ZERO));
}
