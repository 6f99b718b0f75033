import { activationAfter, type Activation } from './activationAfter.ts';
import type { ModelProto, NodeProto } from '../onnx/onnx_pb.ts';
import { floatTensor } from '../onnx/tensor.ts';
import { ModelEditor, nodeOf, rewired } from './editModel.ts';
import { quantizeWeight, type WeightBits } from './quantizeWeight.ts';
import { weightedNode, type WeightedNode } from './weightedNodes.ts';

/** Between which numbers a value lies. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Names of the values inside a model whose ranges `quantizeStatically` needs: what flows into weighted nodes, and out of convolutions. */
export function valuesToObserve(model: ModelProto): readonly string[] {
  const editor = new ModelEditor(model);
  const read = readValues(editor);
  const values = new Set<string>();
  for (const node of editor.nodes) {
    const weighted = weightedNode(node, editor);
    if (!weighted) continue;
    values.add(weighted.input);
    if (node.opType === 'Conv') values.add(activationAfter(node, editor)?.output ?? node.output[0] ?? '');
  }
  return [...values].filter((value) => read.has(value));
}

/** Names of the values that nodes read: what only leaves the model is not among them, and keeps its floats. */
export function readValues(editor: ModelEditor): ReadonlySet<string> {
  return new Set(editor.nodes.flatMap(({ input }) => input));
}

/**
 * Whether integers over a range end where the activation does, or before: then it changes nothing. Runtimes leave a Relu out by themselves, but
 * with a Clip between them put a convolution and its integers together only where the two end at the very same number.
 */
function isLeftOut(activation: Activation, range: Range | undefined): boolean {
  return range !== undefined && range.low >= 0 && range.high <= activation.highest * (1 + CLOSE);
}

/** Ends of a range are the same that differ by a rounding of float32. */
const CLOSE = 1e-6;

/**
 * The model in int8, with pairs of QuantizeLinear and DequantizeLinear that runtimes put together with the operators between them:
 * weights are int8 with a scale for each channel, biases int32, activations uint8 over the range that was observed. What nothing reads inside the
 * model is not quantised: its outputs are floats.
 *
 * @param ranges by name, of all `valuesToObserve`
 * @param bits that weights take; 7 for processors that add products in 16 bits
 */
export function quantizeStatically(
  model: ModelProto,
  ranges: ReadonlyMap<string, Range>,
  bits: WeightBits = 8,
): ModelProto {
  const editor = new ModelEditor(model);
  const read = readValues(editor);
  const nodes: NodeProto[] = [];
  /** What reads a quantised value reads in its place. */
  const restored = new Map<string, { readonly name: string; readonly scale: number }>();
  const quantizeValue = (value: string): void => {
    const range = ranges.get(value);
    if (!range || !read.has(value)) return;
    const { scale, zeroPoint } = affine(range);
    const parameters = [
      editor.addWeight(`${value}.scale`, floatTensor(scale)),
      editor.addWeight(`${value}.zero`, { type: 'uint8', shape: [], data: Uint8Array.of(zeroPoint) }),
    ];
    const integers = editor.freshName(`${value}.quantized`);
    const name = editor.freshName(`${value}.dequantized`);
    nodes.push(
      nodeOf('QuantizeLinear', [value, ...parameters], [integers]),
      nodeOf('DequantizeLinear', [integers, ...parameters], [name]),
    );
    restored.set(value, { name, scale });
  };
  editor.inputs.forEach(quantizeValue);
  const leftOut = new Set<NodeProto>();
  for (const written of editor.nodes) {
    if (leftOut.has(written)) continue;
    const node = withoutClip(written, editor, ranges, leftOut);
    const weighted = weightedNode(node, editor);
    const input = node.input.map((name) => restored.get(name)?.name ?? name);
    const scale = restored.get(weighted?.input ?? '')?.scale;
    if (weighted && scale !== undefined) {
      const [first = ''] = input;
      nodes.push(...dequantizedWeights(weighted, { scale, bits }, first, editor));
    } else nodes.push(rewired(node, { input }));
    node.output.forEach(quantizeValue);
  }
  editor.replaceNodes(nodes);
  return editor.model;
}

/** A convolution that computes what the Clip after it did, where integers end at the same number; that is added to `leftOut`. */
function withoutClip(
  node: NodeProto,
  editor: ModelEditor,
  ranges: ReadonlyMap<string, Range>,
  leftOut: Set<NodeProto>,
): NodeProto {
  const activation = node.opType === 'Conv' ? activationAfter(node, editor) : undefined;
  if (activation?.node.opType !== 'Clip' || !isLeftOut(activation, ranges.get(activation.output))) return node;
  leftOut.add(activation.node);
  return rewired(node, { output: [activation.output] });
}

/** A scale and the whole number that stands for 0, which every range contains. */
export function affine({ low, high }: Range): { readonly scale: number; readonly zeroPoint: number } {
  const [least, most] = [Math.min(0, low), Math.max(0, high)];
  const scale = (most - least) / 255 || 1;
  return { scale, zeroPoint: Math.round(-least / scale) };
}

/** The node with its weight and bias as integers, and the nodes that bring these back to floats. @param scale of the input */
function dequantizedWeights(
  { node, weight, weightName, channelAxis, bias }: WeightedNode,
  { scale: inputScale, bits }: { readonly scale: number; readonly bits: WeightBits },
  input: string,
  editor: ModelEditor,
): readonly NodeProto[] {
  const smallest = bias?.data.map((value) => Math.abs(value) / inputScale / LARGEST_BIAS);
  const { integers, scales } = quantizeWeight(weight, channelAxis, { bits, smallest });
  const parameters = [
    editor.addWeight(`${weightName}.int8`, integers),
    editor.addWeight(`${weightName}.scale`, floatTensor(scales)),
    // All are 0, which may be left out; ONNX Runtime puts only what has them together.
    editor.addWeight(`${weightName}.zero`, {
      type: 'int8',
      shape: [scales.length],
      data: new Int8Array(scales.length),
    }),
  ];
  const restoredWeight = editor.freshName(`${weightName}.dequantized`);
  const weightNode = nodeOf('DequantizeLinear', parameters, [restoredWeight], { axis: channelAxis });
  if (!bias) return [weightNode, rewired(node, { input: [input, restoredWeight] })];
  const biasScales = scales.map((scale) => scale * inputScale);
  const rounded = Int32Array.from(bias.data, (value, channel) => Math.round(value / (biasScales[channel] ?? 1)));
  const biasParameters = [
    editor.addWeight(`${weightName}.bias.int32`, { type: 'int32', shape: [rounded.length], data: rounded }),
    editor.addWeight(`${weightName}.bias.scale`, floatTensor(biasScales)),
    editor.addWeight(`${weightName}.bias.zero`, {
      type: 'int32',
      shape: [rounded.length],
      data: new Int32Array(rounded.length),
    }),
  ];
  const restoredBias = editor.freshName(`${weightName}.bias.dequantized`);
  return [
    weightNode,
    nodeOf('DequantizeLinear', biasParameters, [restoredBias], { axis: 0 }),
    rewired(node, { input: [input, restoredWeight, restoredBias] }),
  ];
}

/** The largest whole number that a bias becomes, far enough from the end of int32 that sums do not overflow. */
export const LARGEST_BIAS = 2 ** 30;
