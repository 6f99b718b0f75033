import { int, ints, text } from '../../../../src/onnx/graph.ts';
import { floatTensor } from '../../../../src/onnx/tensor.ts';
import type { ShapeCase } from './shapeCase.ts';

const blocked = { domain: 'com.microsoft.nchwc' };

/** Operators of ONNX Runtime's CPU provider beside the standard ones. Blocks have 8 or 16 channels. */
export const runtimeCases: readonly ShapeCase[] = [
  {
    title: 'com.microsoft.FusedConv',
    build: (sketch) => {
      const [channels, filters] = sketch.sizes(2) as [number, number];
      const inputs = [sketch.input(sketch.batch, channels, 8, 8), sketch.input(filters, channels, 3, 3)];
      const attributes = { activation: text('Relu'), strides: ints(sketch.sizes(2, 1, 2)) };
      sketch.node('FusedConv', inputs, attributes, { domain: 'com.microsoft' });
    },
  },
  {
    title: 'com.microsoft.MatMulNBits',
    build: (sketch) => {
      const [rows, columns] = sketch.sizes(2, 3, 40) as [number, number];
      const blocks = Math.ceil(rows / 16);
      const bits = { type: 'uint8', shape: [columns, blocks, 8], data: new Uint8Array(columns * blocks * 8) } as const;
      const scales = floatTensor(new Float32Array(columns * blocks), [columns * blocks]);
      const inputs = [
        sketch.input(sketch.batch, ...sketch.sizes(sketch.size(0, 1)), rows),
        sketch.graph.initializer('bits', bits),
        sketch.graph.initializer('scales', scales),
      ];
      const attributes = { K: int(rows), N: int(columns), bits: int(4), block_size: int(16) };
      sketch.node('MatMulNBits', inputs, attributes, { domain: 'com.microsoft' });
    },
  },
  {
    title: 'blocked convolution',
    build: (sketch) => {
      const channels = 16 * sketch.size(1, 2);
      const filters = 16 * sketch.size(1, 2);
      const image = sketch.input(sketch.batch, channels, ...sketch.sizes(2, 5, 9));
      const input = sketch.graph.op('ReorderInput', [image], {}, blocked);
      const weights = sketch.input(filters, channels, 3, 3);
      const attributes = { strides: ints(sketch.sizes(2, 1, 2)), pads: ints(sketch.sizes(4, 0, 1)) };
      const result = sketch.graph.op('Conv', [input, weights], attributes, blocked);
      sketch.node('ReorderOutput', [result], { channels: int(filters) }, blocked);
    },
  },
  ...['MaxPool', 'AveragePool', 'GlobalAveragePool', 'GlobalMaxPool'].map((operator): ShapeCase => ({
    title: `blocked ${operator}`,
    build: (sketch) => {
      const image = sketch.input(sketch.batch, 16, ...sketch.sizes(2, 5, 9));
      const input = sketch.graph.op('ReorderInput', [image], {}, blocked);
      const window = { kernel_shape: ints([2, 3]), strides: ints(sketch.sizes(2, 1, 2)) };
      const result = sketch.graph.op(operator, [input], operator.startsWith('Global') ? {} : window, blocked);
      sketch.node('ReorderOutput', [result], { channels: int(16) }, blocked);
    },
  })),
];
