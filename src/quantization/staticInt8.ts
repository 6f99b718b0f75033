import type { ModelProto, NodeProto } from '../onnx/onnx_pb.ts';
import { floatTensor } from '../onnx/tensor.ts';
import { ModelEditor, nodeOf, rewired } from './editModel.ts';
import { quantizeWeight } from './quantizeWeight.ts';
import { weightedNode, type WeightedNode } from './weightedNodes.ts';

/** Between which numbers a value lies. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Names of the values inside a model whose ranges `quantizeStatically` needs: what flows into weighted nodes, and out of convolutions. */
export function valuesToObserve(model: ModelProto): readonly string[] {
  const editor = new ModelEditor(model);
  const values = new Set<string>();
  for (const node of editor.nodes) {
    const weighted = weightedNode(node, editor);
    if (!weighted) continue;
    values.add(weighted.input);
    if (node.opType === 'Conv') values.add(activated(node, editor));
  }
  for (const output of editor.outputs) values.delete(output);
  return [...values];
}

/** What a node computes, past a Relu that is all that reads it: the runtime puts the two together. */
function activated(node: NodeProto, editor: ModelEditor): string {
  const [output = ''] = node.output;
  const readers = editor.nodes.filter(({ input }) => input.includes(output));
  const [only] = readers;
  if (readers.length !== 1 || only?.opType !== 'Relu' || editor.outputs.includes(output)) return output;
  return only.output[0] ?? output;
}

/**
 * The model in int8, with pairs of QuantizeLinear and DequantizeLinear that runtimes put together with the operators between them:
 * weights are int8 with a scale for each channel, biases int32, activations uint8 over the range that was observed.
 *
 * @param ranges by name, of all `valuesToObserve`
 */
export function quantizeStatically(model: ModelProto, ranges: ReadonlyMap<string, Range>): ModelProto {
  const editor = new ModelEditor(model);
  const nodes: NodeProto[] = [];
  /** What reads a quantised value reads in its place. */
  const restored = new Map<string, { readonly name: string; readonly scale: number }>();
  const quantizeValue = (value: string): void => {
    const range = ranges.get(value);
    if (!range) return;
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
  for (const node of editor.nodes) {
    const weighted = weightedNode(node, editor);
    const input = node.input.map((name) => restored.get(name)?.name ?? name);
    const scale = restored.get(weighted?.input ?? '')?.scale;
    if (weighted && scale !== undefined) {
      const [first = ''] = input;
      nodes.push(...dequantizedWeights(weighted, scale, first, editor));
    } else nodes.push(rewired(node, { input }));
    node.output.forEach(quantizeValue);
  }
  editor.replaceNodes(nodes);
  return editor.model;
}

/** A scale and the whole number that stands for 0, which every range contains. */
function affine({ low, high }: Range): { readonly scale: number; readonly zeroPoint: number } {
  const [least, most] = [Math.min(0, low), Math.max(0, high)];
  const scale = (most - least) / 255 || 1;
  return { scale, zeroPoint: Math.round(-least / scale) };
}

/** The node with its weight and bias as integers, and the nodes that bring these back to floats. */
function dequantizedWeights(
  { node, weight, weightName, channelAxis, bias }: WeightedNode,
  inputScale: number,
  input: string,
  editor: ModelEditor,
): readonly NodeProto[] {
  const smallest = bias?.data.map((value) => Math.abs(value) / inputScale / LARGEST_BIAS);
  const { integers, scales } = quantizeWeight(weight, channelAxis, smallest);
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
const LARGEST_BIAS = 2 ** 30;
