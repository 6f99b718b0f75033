import type { ModelProto, NodeProto } from '../onnx/onnx_pb.ts';
import { floatTensor, type Tensor } from '../onnx/tensor.ts';
import { dataTypeCode } from '../onnx/tensorProto.ts';
import { floatAttribute, intAttribute, ModelEditor, nodeOf, rewired } from './editModel.ts';
import { quantizeWeight, type QuantizedWeight, type WeightBits } from './quantizeWeight.ts';
import { weightedNode, type WeightedNode } from './weightedNodes.ts';

/**
 * The model with int8 weights, a scale for each channel, whose activations are quantised as they come, batch by batch: nothing has
 * to be observed beforehand. What cannot be computed with integers keeps its floats.
 *
 * @param bits that the weights of products take; 7 for processors that add products in 16 bits. Those of convolutions have no sign,
 *   are added in 32 bits everywhere, and always take 8
 */
export function quantizeDynamically(model: ModelProto, bits: WeightBits = 8): ModelProto {
  const editor = new ModelEditor(model);
  /** Integers, scale and zero point of values that flow into several nodes. */
  const quantized = new Map<string, readonly string[]>();
  const nodes = editor.nodes.flatMap((node) => {
    const weighted = weightedNode(node, editor);
    if (!weighted || !isPlain(node)) return [node];
    const before: NodeProto[] = [];
    let input = quantized.get(weighted.input);
    if (!input) {
      input = ['quantized', 'scale', 'zero'].map((suffix) => editor.freshName(`${weighted.input}.${suffix}`));
      before.push(nodeOf('DynamicQuantizeLinear', [weighted.input], input));
      quantized.set(weighted.input, input);
    }
    return [...before, ...integerProduct(weighted, bits, input, editor)];
  });
  editor.replaceNodes(nodes);
  return editor.model;
}

/** Whether the node is a product and a bias and nothing else. */
function isPlain(node: NodeProto): boolean {
  if (node.opType !== 'Gemm') return true;
  const [alpha, beta] = [floatAttribute(node, 'alpha', 1), floatAttribute(node, 'beta', 1)];
  return alpha === 1 && beta === 1 && intAttribute(node, 'transA', 0) === 0;
}

function integerProduct(
  { node, weight, weightName, channelAxis, bias }: WeightedNode,
  bits: WeightBits,
  [integers = '', scale = '', zero = '']: readonly string[],
  editor: ModelEditor,
): readonly NodeProto[] {
  const isConvolution = node.opType === 'Conv';
  const quantizedWeight = quantizeWeight(weight, channelAxis, { bits: isConvolution ? 8 : bits });
  const { scales } = quantizedWeight;
  /** Channels of a convolution's result are followed by its spatial dimensions. */
  const alongChannels = isConvolution ? [scales.length, ...weight.shape.slice(2).map(() => 1)] : [scales.length];
  const [output = ''] = node.output;
  const fresh = (suffix: string): string => editor.freshName(`${output}.${suffix}`);
  const [product, asFloat, factors] = [fresh('integers'), fresh('float'), fresh('factors')];
  const result = bias ? fresh('scaled') : output;
  const weightScale = editor.addWeight(`${weightName}.scale`, floatTensor(scales, alongChannels));
  const multiplied = isConvolution
    ? Object.assign(
        rewired(node, {
          input: [
            integers,
            editor.addWeight(`${weightName}.uint8`, shifted(quantizedWeight)),
            zero,
            editor.addWeight(`${weightName}.zero`, { type: 'uint8', shape: [], data: Uint8Array.of(ZERO) }),
          ],
          output: [product],
        }),
        // The last node has the name of the output, and no two may have the same.
        { opType: 'ConvInteger', name: product },
      )
    : nodeOf(
        'MatMulInteger',
        [integers, editor.addWeight(`${weightName}.int8`, asMatrix(quantizedWeight, channelAxis)), zero],
        [product],
      );
  return [
    multiplied,
    nodeOf('Cast', [product], [asFloat], { to: dataTypeCode('float32') }),
    nodeOf('Mul', [scale, weightScale], [factors]),
    nodeOf('Mul', [asFloat, factors], [result]),
    ...(bias
      ? [
          nodeOf(
            'Add',
            [result, editor.addWeight(`${weightName}.bias`, floatTensor(bias.data, alongChannels))],
            [output],
          ),
        ]
      : []),
  ];
}

/** The whole number that stands for 0 where integers have no sign. */
const ZERO = 128;

/** Runtimes convolve integers without sign. */
function shifted({ integers }: QuantizedWeight): Tensor {
  return { type: 'uint8', shape: integers.shape, data: Uint8Array.from(integers.data, (value) => value + ZERO) };
}

/** Rows are what flows in, columns the channels. */
function asMatrix({ integers }: QuantizedWeight, channelAxis: number): Tensor {
  if (channelAxis === 1) return integers;
  const [channels = 1, width = 1] = integers.shape;
  const data = new Int8Array(integers.data.length);
  integers.data.forEach((value, index) => (data[(index % width) * channels + Math.floor(index / width)] = value));
  return { type: 'int8', shape: [width, channels], data };
}
