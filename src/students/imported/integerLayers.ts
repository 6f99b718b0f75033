import { floatTensor, toNumbers } from '../../onnx/tensor.ts';
import type { NodeProto } from '../../onnx/onnx_pb.ts';
import type { DequantizedGraph, Scaling } from './dequantizedGraph.ts';
import { floatProduct, productOfBits, quantizedLstm, rowsOfBits } from './floatLayers.ts';
import { intOf, type IntegerLayer } from './integerLayer.ts';

const MICROSOFT = 'com.microsoft';

/** The value that a layer reads as input `index`: floats in place of whole numbers that follow it with their scaling. */
function activation({ input }: NodeProto, graph: DequantizedGraph, index: number): string {
  const value = input[index];
  const made = graph.weight(value, scalingAt(input, index + 1));
  return made ?? graph.named(value);
}

function scalingAt(input: readonly string[], index: number, axis?: number): Scaling {
  return { scale: input[index] ?? '', zero: input[index + 1], ...(axis !== undefined && { axis }) };
}

const quantize: IntegerLayer = (graph, node) => {
  graph.stand(node.output[0] ?? '', node.input[0] ?? '', scalingAt(node.input, 1));
  return true;
};

const dequantizeValue: IntegerLayer = (graph, node) => {
  const [value = ''] = node.input;
  const output = node.output[0] ?? '';
  const block = intOf(node, 'block_size', 0);
  const scaling = { ...scalingAt(node.input, 1, intOf(node, 'axis', 1)), ...(block > 0 && { block }) };
  const stored = graph.weight(value, scaling);
  if (stored !== undefined) graph.stand(output, stored);
  else if (graph.isFloat(value)) graph.stand(output, value);
  else return false;
  return true;
};

/** `DynamicQuantizeLinear`: what it finds to be the scale of its values is 1, as they stay what they are. */
const quantizeDynamically: IntegerLayer = (graph, node) => {
  const [value = '', scale = '', zero = ''] = node.output;
  graph.stand(value, node.input[0] ?? '');
  if (scale !== '') graph.stand(scale, graph.store(scale, floatTensor(1, [])));
  if (zero !== '') graph.stand(zero, graph.store(zero, floatTensor(0, [])));
  return true;
};

/** A product of whole numbers: that of floats and of a weight, which takes the scale that is multiplied by behind it. */
const integerProduct =
  (opType: 'Conv' | 'MatMul'): IntegerLayer =>
  (graph, node) => {
    const [left = '', right = '', , zero] = node.input;
    const output = node.output[0] ?? '';
    if (!graph.isFloat(left)) return false;
    const one = graph.store(`${node.name}.one`, floatTensor(1, []));
    // What stands for 0 may differ from column to column.
    const weight = graph.weight(right, { scale: one, zero, axis: opType === 'Conv' ? 0 : -1 }, (floats) => floats);
    if (weight === undefined && !graph.isFloat(right)) return false;
    graph.add(opType, [graph.named(left), weight ?? graph.named(right)], output, {
      name: node.name,
      attributes: node.attribute,
    });
    graph.open(output, { weight: weight ?? '', axis: opType === 'Conv' ? 0 : -1 });
    return true;
  };

/** A Cast of what are floats already. */
const cast: IntegerLayer = (graph, node) => {
  const [value = ''] = node.input;
  if (!graph.isFloat(value) || intOf(node, 'to', 0) !== 1) return false;
  graph.stand(node.output[0] ?? '', value);
  return true;
};

/** The product of two scales, one of which is 1 now, or of an integer product and its scale, which goes into the weight. */
const multiply: IntegerLayer = (graph, node) => {
  const output = node.output[0] ?? '';
  const names = node.input.map((name) => graph.named(name));
  for (const [value = '', scale = ''] of [names, names.toReversed()]) {
    const factor = graph.constant(scale);
    if (factor?.type !== 'float32') continue;
    if (graph.isFloat(value) && graph.close(value, factor)) {
      graph.stand(output, value);
      return true;
    }
    const other = graph.constant(value);
    if (other && graph.isFloat(value) && other.data.length === 1 && toNumbers(other)[0] === 1) {
      graph.stand(output, scale);
      return true;
    }
  }
  return false;
};

/** x, its scaling, a kernel, its scaling, the result's scaling, and a bias whose scale is the product of the first two. */
const quantizedConvolution: IntegerLayer = (graph, node) => {
  const { input } = node;
  const kernel = graph.weight(input[3], scalingAt(input, 4, 0));
  if (kernel === undefined) return false;
  const bias = biasOf(graph, node, { bias: input[8], left: input[1], right: input[4] });
  if (bias === undefined) return false;
  graph.addBounded('Conv', [activation(node, graph, 0), kernel, ...bias], node, scalingAt(input, 6));
  return true;
};

/** A bias of whole numbers as floats, as the rest of a layer's inputs; undefined where it cannot be had. */
function biasOf(
  graph: DequantizedGraph,
  { name }: NodeProto,
  { bias, left, right }: Readonly<Record<'bias' | 'left' | 'right', string | undefined>>,
): readonly string[] | undefined {
  if (bias === undefined || bias === '') return [];
  const [first, second] = [graph.constant(left), graph.constant(right)];
  const [one, ...others] = first ? toNumbers(first) : [];
  if (one === undefined || others.length > 0 || !second) return undefined;
  const scale = graph.store(
    `${name}.bias.scale`,
    floatTensor(
      toNumbers(second).map((each) => each * one),
      second.shape,
    ),
  );
  const floats = graph.weight(bias, { scale, axis: 0 });
  return floats === undefined ? undefined : [floats];
}

const quantizedProduct: IntegerLayer = (graph, node) => {
  const { input } = node;
  const right = graph.weight(input[3], scalingAt(input, 4, -1)) ?? graph.named(input[3]);
  graph.addBounded('MatMul', [activation(node, graph, 0), right], node, scalingAt(input, 6));
  return true;
};

/** `QGemm`: A, B and C with scalings, and that of the result, where it is of whole numbers. */
const quantizedGemm: IntegerLayer = (graph, node) => {
  const { input } = node;
  const isTransposed = intOf(node, 'transB', 0) === 1;
  const right = graph.weight(input[3], scalingAt(input, 4, isTransposed ? 0 : 1));
  const bias = biasOf(graph, node, { bias: input[6], left: input[1], right: input[4] });
  if (right === undefined || bias === undefined) return false;
  const inputs = [activation(node, graph, 0), right, ...bias];
  const attributes = node.attribute.filter(({ name }) => name !== 'alpha');
  if ((input[7] ?? '') !== '') graph.addBounded('Gemm', inputs, node, scalingAt(input, 7), attributes);
  else graph.add('Gemm', inputs, node.output[0] ?? '', { name: node.name, attributes });
  return true;
};

/** Operators of two values that are added or multiplied, each with its scaling. */
const ofTwo =
  (opType: 'Add' | 'Mul'): IntegerLayer =>
  (graph, node) => {
    const inputs = [activation(node, graph, 0), activation(node, graph, 3)];
    graph.addBounded(opType, inputs, node, scalingAt(node.input, 6));
    return true;
  };

/** Operators of one value; those that have the channels last stay. */
const ofOne =
  (opType: string): IntegerLayer =>
  (graph, node) => {
    if (intOf(node, 'channels_last', 0) === 1) return false;
    const attributes = node.attribute.filter(({ name }) => name !== 'channels_last' && name !== 'opset');
    graph.addBounded(opType, [activation(node, graph, 0)], node, scalingAt(node.input, 3), attributes);
    return true;
  };

/** The scaling of the result, and then each value with its own. */
const quantizedConcat: IntegerLayer = (graph, node) => {
  const places = Array.from({ length: (node.input.length - 2) / 3 }, (_, index) => 2 + 3 * index);
  const inputs = places.map((place) => activation(node, graph, place));
  graph.addBounded('Concat', inputs, node, scalingAt(node.input, 0));
  return true;
};

/** The inputs of layers of whole numbers that their scaling follows, by operator. */
const SCALED_INPUTS: Readonly<Record<string, readonly number[]>> = {
  DequantizeLinear: [0],
  QLinearConv: [0],
  QLinearMatMul: [0, 3],
  QGemm: [0],
  QLinearAdd: [0, 3],
  QLinearMul: [0, 3],
  QLinearAveragePool: [0],
  QLinearGlobalAveragePool: [0],
  QLinearLeakyRelu: [0],
  QLinearSigmoid: [0],
  QLinearSoftmax: [0],
};

/** Operators that move values and leave them as they are. */
const MOVING: ReadonlySet<string> = new Set([
  ...['Expand', 'Flatten', 'Identity', 'Reshape', 'Slice', 'Squeeze', 'Transpose', 'Unsqueeze'],
]);

/** How a value of whole numbers stands for floats, as a node says that reads it. */
function scalingBehind(nodes: readonly NodeProto[], value: string): Scaling | undefined {
  for (const { opType, input, output } of nodes) {
    const place = input.indexOf(value);
    if (place < 0) continue;
    const moved = MOVING.has(opType) && place === 0 ? scalingBehind(nodes, output[0] ?? '') : undefined;
    if (moved) return moved;
    const isJoined = opType === 'QLinearConcat' && place % 3 === 2;
    if (isJoined || SCALED_INPUTS[opType]?.includes(place) === true) return scalingAt(input, place + 1);
  }
  return undefined;
}

/** Rows that are taken from a table of whole numbers, which a node behind them reads with their scaling. */
const gather: IntegerLayer = (graph, node) => {
  const table = graph.constant(node.input[0]);
  if (!table || !['int8', 'uint8'].includes(table.type)) return false;
  const scaling = scalingBehind(graph.source, node.output[0] ?? '');
  const [step, ...others] = toNumbers(graph.constant(scaling?.scale) ?? floatTensor([0, 0]));
  const floats = step !== undefined && others.length === 0 ? graph.weight(node.input[0], scaling) : undefined;
  if (floats === undefined) return false;
  const output = node.output[0] ?? '';
  graph.add('Gather', [floats, graph.named(node.input[1])], output, { name: node.name, attributes: node.attribute });
  graph.markFloat(output, scaling);
  return true;
};

/** Margins of whole numbers around what is of floats now. */
const pad: IntegerLayer = (graph, node) => {
  const [value, pads, filling, ...others] = node.input;
  const scaling = graph.scalingOf(value);
  const stored = graph.isFloat(value) ? graph.constant(filling) : undefined;
  if (!stored || stored.type.startsWith('float') || !scaling) return false;
  const floats = graph.weight(filling, scaling);
  if (floats === undefined) return false;
  const output = node.output[0] ?? '';
  const inputs = [graph.named(value), graph.named(pads), floats, ...others.map((name) => graph.named(name))];
  graph.add('Pad', inputs, output, { name: node.name, attributes: node.attribute });
  graph.markFloat(output, scaling);
  return true;
};

/** What computes in whole numbers, or leads to and from them, by operator. */
export const integerLayers: ReadonlyMap<string, IntegerLayer> = new Map(
  Object.entries({
    QuantizeLinear: quantize,
    DequantizeLinear: dequantizeValue,
    DynamicQuantizeLinear: quantizeDynamically,
    ConvInteger: integerProduct('Conv'),
    MatMulInteger: integerProduct('MatMul'),
    QLinearConv: quantizedConvolution,
    QLinearMatMul: quantizedProduct,
    [`${MICROSOFT}.QuantizeLinear`]: quantize,
    [`${MICROSOFT}.DequantizeLinear`]: dequantizeValue,
    [`${MICROSOFT}.QGemm`]: quantizedGemm,
    [`${MICROSOFT}.QLinearAdd`]: ofTwo('Add'),
    [`${MICROSOFT}.QLinearMul`]: ofTwo('Mul'),
    [`${MICROSOFT}.QLinearAveragePool`]: ofOne('AveragePool'),
    [`${MICROSOFT}.QLinearGlobalAveragePool`]: ofOne('GlobalAveragePool'),
    [`${MICROSOFT}.QLinearLeakyRelu`]: ofOne('LeakyRelu'),
    [`${MICROSOFT}.QLinearSigmoid`]: ofOne('Sigmoid'),
    [`${MICROSOFT}.QLinearSoftmax`]: ofOne('Softmax'),
    [`${MICROSOFT}.QLinearConcat`]: quantizedConcat,
    [`${MICROSOFT}.DynamicQuantizeMatMul`]: floatProduct({ scale: 2, zero: 3, bias: 4 }),
    [`${MICROSOFT}.MatMulIntegerToFloat`]: floatProduct({ scale: 3, zero: 5, bias: 6 }),
    [`${MICROSOFT}.DynamicQuantizeLSTM`]: quantizedLstm,
    [`${MICROSOFT}.MatMulNBits`]: productOfBits,
    [`${MICROSOFT}.GatherBlockQuantized`]: rowsOfBits,
  }),
);

/** What is written otherwise beside these: it reads what was of whole numbers, and is no quantised node by itself. */
export const besideIntegers: ReadonlyMap<string, IntegerLayer> = new Map(
  Object.entries({ Cast: cast, Mul: multiply, Gather: gather, Pad: pad }),
);
