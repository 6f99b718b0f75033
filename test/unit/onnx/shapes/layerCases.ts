import { float, int, ints, text } from '../../../../src/onnx/graph.ts';
import type { Attributes } from '../../../../src/onnx/node.ts';
import type { Sketch } from '../../../support/shapeCheck.ts';
import type { ShapeCase } from './shapeCase.ts';

/** Random attributes of a window over `rank` axes; kernels fit inputs of at least 7. */
function windowAttributes(
  sketch: Sketch,
  rank: number,
  dilated: boolean,
): { kernel: number[]; attributes: Attributes } {
  const kernel = sketch.sizes(rank, 1, 3);
  const attributes = {
    kernel_shape: ints(kernel),
    strides: ints(sketch.sizes(rank, 1, 3)),
    ...(dilated ? { dilations: ints(sketch.sizes(rank, 1, 2)) } : {}),
    ...sketch.pick<Attributes>([
      {},
      { pads: ints([...kernel, ...kernel].map((size) => sketch.random.integer(size))) },
      { auto_pad: text('VALID') },
      ...(dilated ? [] : [{ auto_pad: text('SAME_UPPER') }, { auto_pad: text('SAME_LOWER') }]),
    ]),
  };
  return { kernel, attributes };
}

const convolutions = [1, 2, 3].flatMap((rank): ShapeCase[] =>
  [true, false].map((dilated) => ({
    title: `Conv ${rank}-D${dilated ? ' dilated' : ''}`,
    build: (sketch) => {
      const { kernel, attributes } = windowAttributes(sketch, rank, dilated);
      const groups = sketch.size(1, 3);
      const [perGroup, filters] = [sketch.size(1, 3), groups * sketch.size(1, 3)];
      const input = sketch.input(sketch.batch, groups * perGroup, ...sketch.sizes(rank, 7, 11));
      const bias = sketch.pick([undefined, sketch.input(filters)]);
      const weights = sketch.input(filters, perGroup, ...kernel);
      sketch.node('Conv', [input, weights, bias], { ...attributes, group: int(groups) });
    },
  })),
);

const transposedConvolutions = [1, 2, 3].map((rank): ShapeCase => ({
  title: `ConvTranspose ${rank}-D`,
  build: (sketch) => {
    const kernel = sketch.sizes(rank, 2, 3);
    const strides = sketch.sizes(rank, 2, 3);
    const groups = sketch.size(1, 2);
    const [perGroup, filters] = [sketch.size(1, 3), sketch.size(1, 3)];
    const extra = sketch.pick<Attributes>([
      {},
      { pads: ints(sketch.sizes(2 * rank, 0, 1)), output_padding: ints(sketch.sizes(rank, 0, 1)) },
      { dilations: ints(sketch.sizes(rank, 1, 2)) },
      { auto_pad: text('SAME_UPPER') },
      { auto_pad: text('VALID') },
      { output_shape: ints(new Array<number>(rank).fill(9)) },
    ]);
    const input = sketch.input(sketch.batch, groups * perGroup, ...new Array<number>(rank).fill(4));
    const weights = sketch.input(groups * perGroup, filters, ...kernel);
    sketch.node('ConvTranspose', [input, weights], { strides: ints(strides), group: int(groups), ...extra });
  },
}));

const pools = ['MaxPool', 'AveragePool', 'LpPool'].flatMap((operator) =>
  [1, 2, 3].map((rank): ShapeCase => ({
    title: `${operator} ${rank}-D`,
    build: (sketch) => {
      const { attributes } = windowAttributes(sketch, rank, sketch.pick([true, false]) && operator === 'MaxPool');
      const rounding: Attributes = 'auto_pad' in attributes ? {} : { ceil_mode: int(sketch.random.integer(2)) };
      const input = sketch.input(sketch.batch, sketch.size(1, 3), ...sketch.sizes(rank, 7, 11));
      const outputs = operator === 'MaxPool' ? { outputs: ['largest', 'indices'] } : {};
      sketch.node(operator, [input], { ...attributes, ...rounding }, outputs);
    },
  })),
);

const globalPools = ['GlobalAveragePool', 'GlobalMaxPool', 'GlobalLpPool'].map((operator): ShapeCase => ({
  title: operator,
  build: (sketch) => {
    sketch.node(operator, [sketch.input(sketch.batch, ...sketch.sizes(sketch.size(2, 4)))]);
  },
}));

const recurrentLayers = Object.entries({ RNN: 1, GRU: 3, LSTM: 4 }).map(([operator, gates]): ShapeCase => ({
  title: operator,
  build: (sketch) => {
    const direction = sketch.pick(['forward', 'reverse', 'bidirectional']);
    const directions = direction === 'bidirectional' ? 2 : 1;
    const [sequence, features, hidden] = sketch.sizes(3) as [number, number, number];
    const inputs = [
      sketch.input(sequence, sketch.batch, features),
      sketch.input(directions, gates * hidden, features),
      sketch.input(directions, gates * hidden, hidden),
    ];
    const outputs = operator === 'LSTM' ? ['all', 'hidden', 'cell'] : ['all', 'hidden'];
    sketch.node(operator, inputs, { hidden_size: int(hidden), direction: text(direction) }, { outputs });
  },
}));

const products: readonly ShapeCase[] = [
  {
    title: 'Gemm',
    build: (sketch) => {
      const [inner, columns] = sketch.sizes(2) as [number, number];
      const transB = sketch.random.integer(2);
      const weights = transB ? sketch.input(columns, inner) : sketch.input(inner, columns);
      const bias = sketch.pick([undefined, sketch.input(columns), sketch.input(1, 1), sketch.input()]);
      sketch.node('Gemm', [sketch.input(sketch.batch, inner), weights, bias], { transB: int(transB) });
    },
  },
  {
    title: 'Gemm with a transposed first factor',
    build: (sketch) => {
      const [inner, columns] = sketch.sizes(2) as [number, number];
      sketch.node('Gemm', [sketch.input(inner, sketch.batch), sketch.input(inner, columns)], { transA: int(1) });
    },
  },
  {
    title: 'MatMul',
    build: (sketch) => {
      const [rows, inner, columns] = sketch.sizes(3) as [number, number, number];
      const right = sketch.pick([[inner], [inner, columns], [1, inner, columns], [2, 1, inner, columns]]);
      sketch.node('MatMul', [sketch.input(sketch.batch, rows, inner), sketch.input(...right)]);
    },
  },
  {
    title: 'MatMul of a vector',
    build: (sketch) => {
      sketch.node('MatMul', [sketch.input(4), sketch.input(sketch.batch, 4, sketch.size())]);
    },
  },
  {
    title: 'com.microsoft.FusedMatMul',
    build: (sketch) => {
      const [rows, inner, columns] = sketch.sizes(3) as [number, number, number];
      const [transA, transB] = [sketch.random.integer(2), sketch.random.integer(2)];
      const left = transA ? [inner, rows] : [rows, inner];
      const right = transB ? [columns, inner] : [inner, columns];
      const attributes = { transA: int(transA), transB: int(transB), alpha: float(0.5) };
      const inputs = [sketch.input(sketch.batch, ...left), sketch.input(...right)];
      sketch.node('FusedMatMul', inputs, attributes, { domain: 'com.microsoft' });
    },
  },
  ...['bij,jk->bik', 'bij,bkj->bik', 'bij->bji', 'bij,bij->b', '...ij,...jk->...ik', 'bij,jk', 'bi,bj->bij'].map(
    (equation): ShapeCase => ({
      title: `Einsum ${equation}`,
      build: (sketch) => {
        const sizes: Record<string, number> = { i: sketch.size(), j: sketch.size(), k: sketch.size() };
        const [left] = equation.split('->');
        const inputs = left!.split(',').map((term) => {
          const letters = Array.from(term.replace('...', 'b'));
          return sketch.input(...letters.map((letter) => (letter === 'b' ? sketch.batch : sizes[letter]!)));
        });
        sketch.node('Einsum', inputs, { equation: text(equation) });
      },
    }),
  ),
];

const normalizations: readonly ShapeCase[] = [
  {
    title: 'BatchNormalization',
    build: (sketch) => {
      const channels = sketch.size();
      const vectors = [1, 2, 3, 4].map(() => sketch.input(channels));
      sketch.node('BatchNormalization', [sketch.input(sketch.batch, channels, ...sketch.sizes(2)), ...vectors]);
    },
  },
  {
    title: 'InstanceNormalization',
    build: (sketch) => {
      const channels = sketch.size();
      const inputs = [sketch.input(sketch.batch, channels, ...sketch.sizes(2, 2, 5)), sketch.input(channels)];
      sketch.node('InstanceNormalization', [...inputs, sketch.input(channels)]);
    },
  },
  {
    title: 'GroupNormalization',
    build: (sketch) => {
      const groups = sketch.size(1, 3);
      const channels = groups * sketch.size(1, 3);
      const inputs = [sketch.input(sketch.batch, channels, ...sketch.sizes(2, 2, 5)), sketch.input(channels)];
      sketch.node('GroupNormalization', [...inputs, sketch.input(channels)], { num_groups: int(groups) });
    },
  },
  {
    title: 'LayerNormalization with its statistics',
    build: (sketch) => {
      const shape = sketch.sizes(2, 2, 5);
      const axis = sketch.pick([-1, 1, 2]);
      const weights = axis === 1 ? shape : shape.slice(1);
      const inputs = [sketch.input(sketch.batch, ...shape), sketch.input(...weights), sketch.input(...weights)];
      sketch.node('LayerNormalization', inputs, { axis: int(axis) }, { outputs: ['result', 'mean', 'deviation'] });
    },
  },
  ...['RMSNormalization', 'SimplifiedLayerNormalization'].map((operator): ShapeCase => ({
    title: operator,
    build: (sketch) => {
      const columns = sketch.size(2);
      sketch.node(operator, [sketch.input(sketch.batch, sketch.size(), columns), sketch.input(columns)]);
    },
  })),
  {
    title: 'com.microsoft.SkipLayerNormalization',
    build: (sketch) => {
      const [rows, columns] = sketch.sizes(2, 2, 5) as [number, number];
      const two = [sketch.input(sketch.batch, rows, columns), sketch.input(sketch.batch, rows, columns)];
      const inputs = [...two, sketch.input(columns), sketch.input(columns)];
      const outputs = sketch.pick([['result'], ['result', '', '', 'sum']]);
      sketch.node('SkipLayerNormalization', inputs, {}, { domain: 'com.microsoft', outputs });
    },
  },
];

export const layerCases: readonly ShapeCase[] = [
  ...convolutions,
  ...transposedConvolutions,
  ...pools,
  ...globalPools,
  ...recurrentLayers,
  ...products,
  ...normalizations,
];
