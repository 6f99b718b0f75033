import { floatTensor, toNumbers, type Tensor } from '../../onnx/tensor.ts';
import type { NodeProto } from '../../onnx/onnx_pb.ts';
import type { DequantizedGraph } from './dequantizedGraph.ts';
import { intOf, type IntegerLayer } from './integerLayer.ts';
import { floatsOf } from './wholeNumbers.ts';

// Layers that compute in floats, of which the weights alone are stored as whole numbers.

/** A product with a stored matrix whose scale is an input of its own, and perhaps a bias. */
export const floatProduct =
  (places: { readonly scale: number; readonly zero: number; readonly bias: number }): IntegerLayer =>
  (graph, node) => {
    const { input } = node;
    const scaling = { scale: input[places.scale] ?? '', zero: input[places.zero], axis: -1 };
    const weight = graph.weight(input[1], scaling);
    if (weight === undefined) return false;
    addProduct(graph, node, weight, input[places.bias]);
    return true;
  };

/** `MatMulNBits`: columns of a matrix in blocks of 4 or 8 bits, each block with a scale and a number that stands for 0. */
export const productOfBits: IntegerLayer = (graph, node) => {
  const [, packed, scale, zeros, groups, bias] = node.input;
  const [columns, rows, block, bits] = ['N', 'K', 'block_size', 'bits'].map((name) =>
    intOf(node, name, name === 'bits' ? 4 : 0),
  );
  const [bytes, scales, nones] = [graph.constant(packed), graph.constant(scale), graph.constant(zeros)];
  const isKnown = bits === 4 || bits === 8;
  if (!bytes || !scales || !columns || !rows || !block || !isKnown || (groups ?? '') !== '') return false;
  if (nones?.type.startsWith('float') === true) return false;
  const perByte = 8 / bits;
  const blocks = Math.ceil(rows / block);
  const [stored, steps, none] = [toNumbers(bytes), toNumbers(scales), nones && toNumbers(nones)];
  const digit = (numbers: readonly number[], at: number): number =>
    ((numbers[Math.floor(at / perByte)] ?? 0) >> (bits * (at % perByte))) & (2 ** bits - 1);
  const matrix = new Float32Array(rows * columns);
  const noneRow = Math.ceil(blocks / perByte) * perByte;
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      const part = Math.floor(row / block);
      const whole = digit(stored, (column * blocks + part) * block + (row % block));
      const zero = none ? digit(none, column * noneRow + part) : 2 ** (bits - 1);
      matrix[row * columns + column] = (whole - zero) * (steps[column * blocks + part] ?? 1);
    }
  }
  const weight = graph.store((packed ?? '').replace(/_Q[48].*$/, ''), floatTensor(matrix, [rows, columns]));
  addProduct(graph, node, weight, bias);
  return true;
};

/** `GatherBlockQuantized`: rows of a table of 4 or 8 bits, whose blocks along an axis each have a scale and a number that stands for 0. */
export const rowsOfBits: IntegerLayer = (graph, node) => {
  const [table, indices, scale, zeros] = node.input;
  const [stored, steps, nones] = [graph.constant(table), graph.constant(scale), graph.constant(zeros)];
  const bits = intOf(node, 'bits', 4);
  if (!stored || !steps || (bits !== 4 && bits !== 8)) return false;
  const inBytes = graph.holdsBytes(table);
  const whole = inBytes ? digitsOf(stored, bits) : stored;
  const none = nones ? (graph.holdsBytes(zeros) ? digitsOf(nones, bits, steps.shape.at(-1)) : nones) : undefined;
  // Bytes have their sign in the number that stands for 0.
  const zero = none ?? (inBytes ? floatTensor(2 ** (bits - 1), []) : undefined);
  const [axis, block] = [intOf(node, 'quantize_axis', 1), intOf(node, 'block_size', 128)];
  const weight = graph.store(
    (table ?? '').replace(/_Q[48].*$/, ''),
    floatsOf(whole, { scale: steps, zero, axis, block }),
  );
  const attributes = node.attribute.flatMap(({ name, ...rest }) =>
    name === 'gather_axis' ? [{ ...rest, name: 'axis' }] : [],
  );
  graph.add('Gather', [weight, graph.named(indices)], node.output[0] ?? '', { name: node.name, attributes });
  return true;
};

/** The numbers of `bits` that lie in bytes along the last axis, the lower ones first. @param length of that axis, by default all that lie there */
function digitsOf(bytes: Tensor, bits: number, length?: number): Tensor {
  const perByte = 8 / bits;
  const [packed, shape] = [toNumbers(bytes), bytes.shape];
  const width = shape.at(-1) ?? 1;
  const digits = length ?? width * perByte;
  const rows = packed.length / Math.max(1, width);
  const numbers = Float32Array.from({ length: rows * digits }, (_, at) => {
    const [row, place] = [Math.floor(at / digits), at % digits];
    return ((packed[row * width + Math.floor(place / perByte)] ?? 0) >> (bits * (place % perByte))) & (2 ** bits - 1);
  });
  return floatTensor(numbers, [...shape.slice(0, -1), digits]);
}

/** `DynamicQuantizeLSTM`: its matrices are stored the other way round, each with a scale for a direction or for each of its columns. */
export const quantizedLstm: IntegerLayer = (graph, node) => {
  const { input } = node;
  const matrixAt = (index: number, scaling: number): string | undefined => {
    const several = (graph.constant(input[scaling])?.shape.length ?? 0) > 1;
    const made = { scale: input[scaling] ?? '', zero: input[scaling + 1], axis: several ? 2 : 0 };
    return graph.weight(input[index], made, turned);
  };
  const [weight, recurrent] = [matrixAt(1, 8), matrixAt(2, 10)];
  if (weight === undefined || recurrent === undefined || node.output.length > 3) return false;
  const [x, , , ...others] = input.slice(0, 8).map((name) => graph.named(name));
  graph.addNode('LSTM', [x ?? '', weight, recurrent, ...others], node);
  return true;
};

/** What a layer reads first times a matrix, and the bias where there is one. */
function addProduct(graph: DequantizedGraph, node: NodeProto, weight: string, bias = ''): void {
  const output = node.output[0] ?? '';
  const product = bias === '' ? output : graph.fresh(`${output}.product`);
  graph.add('MatMul', [graph.named(node.input[0]), weight], product, { name: node.name });
  if (bias !== '') graph.add('Add', [product, graph.named(bias)], output, { name: `${node.name}.bias` });
}

/** A tensor whose last two axes change places. */
function turned(tensor: Tensor): Tensor {
  const { shape } = tensor;
  const [rows = 1, columns = 1] = shape.slice(-2);
  const numbers = toNumbers(tensor);
  const size = rows * columns;
  const moved = numbers.map((_, at) => {
    const [start, within] = [at - (at % size), at % size];
    return numbers[start + (within % rows) * columns + Math.floor(within / rows)] ?? 0;
  });
  return floatTensor(moved, [...shape.slice(0, -2), columns, rows]);
}
