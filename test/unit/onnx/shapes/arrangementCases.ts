import { int, ints, text } from '../../../../src/onnx/graph.ts';
import type { Attributes } from '../../../../src/onnx/node.ts';
import { floatTensor, intTensor } from '../../../../src/onnx/tensor.ts';
import type { ShapeCase } from './shapeCase.ts';

const reductions = [
  'ReduceL1', 'ReduceL2', 'ReduceLogSum', 'ReduceLogSumExp', 'ReduceMax', 'ReduceMean', 'ReduceMin', 'ReduceProd',
  'ReduceSum', 'ReduceSumSquare',
]; // prettier-ignore

export const arrangementCases: readonly ShapeCase[] = [
  ...reductions.map((operator): ShapeCase => ({
    title: operator,
    build: (sketch) => {
      const axes = sketch.pick([[1], [-1], [1, 2], [-2]]);
      const attributes = { keepdims: int(sketch.random.integer(2)) };
      sketch.node(operator, [sketch.input(sketch.batch, ...sketch.sizes(2)), sketch.integers(...axes)], attributes);
    },
  })),
  {
    title: 'ReduceSum over all axes or, with noop_with_empty_axes, none',
    batchPasses: false,
    build: (sketch) => {
      const attributes = {
        keepdims: int(sketch.random.integer(2)),
        noop_with_empty_axes: int(sketch.random.integer(2)),
      };
      sketch.node('ReduceSum', [sketch.input(sketch.batch, ...sketch.sizes(2))], attributes);
    },
  },
  ...['ArgMax', 'ArgMin'].map((operator): ShapeCase => ({
    title: operator,
    build: (sketch) => {
      const attributes = { axis: int(sketch.pick([1, 2, -1])), keepdims: int(sketch.random.integer(2)) };
      sketch.node(operator, [sketch.input(sketch.batch, ...sketch.sizes(2))], attributes);
    },
  })),
  {
    title: 'Reshape',
    build: (sketch) => {
      const input = sketch.input(sketch.batch, 4, 3, 6);
      const target = sketch.pick([
        [-1, 72],
        [0, -1],
        [0, 0, 18],
        [0, 12, -1],
        [-1, 8, 9],
        [0, 2, 36],
      ]);
      sketch.node('Reshape', [input, sketch.integers(...target)]);
    },
  },
  {
    title: 'Reshape to a dimension of 0',
    batchPasses: false,
    build: (sketch) => {
      sketch.node('Reshape', [sketch.input(0, 4), sketch.integers(3, 0, 4)], { allowzero: int(1) });
    },
  },
  {
    title: 'Flatten',
    build: (sketch) => {
      sketch.node('Flatten', [sketch.input(sketch.batch, ...sketch.sizes(3))], { axis: int(sketch.pick([1, -3])) });
    },
  },
  {
    title: 'Flatten on any axis',
    batchPasses: false,
    build: (sketch) => {
      sketch.node('Flatten', [sketch.input(...sketch.sizes(4))], { axis: int(sketch.pick([0, 2, 3, 4, -1])) });
    },
  },
  {
    title: 'Transpose',
    build: (sketch) => {
      const attributes = sketch.pick<Attributes>([{}, { perm: ints(sketch.random.shuffle([0, 1, 2, 3])) }]);
      sketch.node('Transpose', [sketch.input(sketch.batch, ...sketch.sizes(3))], attributes);
    },
  },
  {
    title: 'Squeeze',
    build: (sketch) => {
      const axes = sketch.pick([[1], [-2], [1, 3], [3, 1]]);
      sketch.node('Squeeze', [sketch.input(sketch.batch, 1, sketch.size(2), 1, 1), sketch.integers(...axes)]);
    },
  },
  {
    title: 'Squeeze of all axes of 1',
    build: (sketch) => {
      sketch.node('Squeeze', [sketch.input(sketch.batch, 1, sketch.size(2), 1)]);
    },
  },
  {
    title: 'Unsqueeze',
    build: (sketch) => {
      const axes = sketch.pick([[0], [-1], [1, 3], [3, 1], [0, -1]]);
      sketch.node('Unsqueeze', [sketch.input(sketch.batch, sketch.size()), sketch.integers(...axes)]);
    },
  },
  {
    title: 'Concat',
    build: (sketch) => {
      const [rows, columns] = sketch.sizes(2) as [number, number];
      const inputs = [1, 2, 3].map(() => sketch.input(sketch.batch, rows, sketch.size(), columns));
      sketch.node('Concat', inputs, { axis: int(sketch.pick([2, -2])) });
    },
  },
  {
    title: 'Split into given sizes',
    build: (sketch) => {
      const pieces = sketch.sizes(3);
      const total = pieces.reduce((sum, piece) => sum + piece, 0);
      const inputs = [sketch.input(sketch.batch, total), sketch.integers(...pieces)];
      sketch.node('Split', inputs, { axis: int(sketch.pick([1, -1])) }, { outputs: ['a', 'b', 'c'] });
    },
  },
  {
    title: 'Split into equal parts',
    build: (sketch) => {
      const attributes = { axis: int(1), num_outputs: int(3) };
      sketch.node('Split', [sketch.input(sketch.batch, sketch.pick([6, 7, 8]))], attributes, {
        outputs: ['a', 'b', 'c'],
      });
    },
  },
  {
    title: 'Slice',
    build: (sketch) => {
      const step = sketch.pick([1, 2, -1, -2]);
      const bounds = sketch.pick<[number, number]>(
        step > 0
          ? [[0, 3], [1, -1], [-4, 2 ** 63], [5, 2], [-100, 100]]
          : [[-1, -(2 ** 63)], [5, 1], [100, 0], [-2, -5], [0, 5]], // prettier-ignore
      );
      const axis = sketch.pick([1, 2, -1]);
      sketch.node('Slice', [
        sketch.input(sketch.batch, 7, 7),
        sketch.integers(bounds[0]),
        sketch.integers(bounds[1]),
        sketch.integers(axis),
        sketch.integers(step),
      ]);
    },
  },
  {
    title: 'Slice of the leading axes',
    build: (sketch) => {
      const [starts, ends] = [sketch.integers(0, 1, -2), sketch.integers(2 ** 63, 3, 2 ** 31)];
      sketch.node('Slice', [sketch.input(sketch.batch, sketch.size(3), 5, 2), starts, ends]);
    },
  },
  {
    title: 'Pad',
    build: (sketch) => {
      const mode = sketch.pick(['constant', 'reflect', 'edge']);
      const pads = sketch.integers(0, ...sketch.sizes(2, 0, 2), 0, ...sketch.sizes(2, 0, 2));
      sketch.node('Pad', [sketch.input(sketch.batch, ...sketch.sizes(2, 4, 6)), pads], { mode: text(mode) });
    },
  },
  {
    title: 'Pad of some axes, also negative',
    build: (sketch) => {
      const pads = sketch.integers(1, -1, 0, 2);
      const inputs = [sketch.input(sketch.batch, ...sketch.sizes(2, 3, 6)), pads, undefined, sketch.integers(-1, 1)];
      sketch.node('Pad', inputs);
    },
  },
  {
    title: 'Expand',
    build: (sketch) => {
      const target = sketch.pick([[4], [2, 1, 4], [3, 1], [1, 1, 1]]);
      const input =
        target.length === 2 ? sketch.input(sketch.batch, 1, 4) : sketch.input(sketch.batch, sketch.pick([1, 4]));
      sketch.node('Expand', [input, sketch.integers(...target)]);
    },
  },
  {
    title: 'Tile',
    build: (sketch) => {
      sketch.node('Tile', [
        sketch.input(sketch.batch, ...sketch.sizes(2)),
        sketch.integers(1, ...sketch.sizes(2, 0, 3)),
      ]);
    },
  },
  {
    title: 'Gather',
    build: (sketch) => {
      const indices = sketch.pick([intTensor(0), intTensor([0, -1]), intTensor([1, 0, 1, 1], [2, 2])]);
      const inputs = [sketch.input(sketch.batch, ...sketch.sizes(2, 2, 5)), sketch.graph.constant(indices)];
      sketch.node('Gather', inputs, { axis: int(sketch.pick([1, 2, -1])) });
    },
  },
  {
    title: 'Gather of embeddings',
    build: (sketch) => {
      const table = sketch.graph.initializer('table', floatTensor(new Float32Array(20), [5, 4]));
      sketch.node('Gather', [table, sketch.typed('int64', sketch.batch, sketch.size())]);
    },
  },
  {
    title: 'GatherElements',
    build: (sketch) => {
      const indices = sketch.typed('int64', sketch.batch, sketch.size(1, 3));
      sketch.node('GatherElements', [sketch.input(sketch.batch, 3), indices], { axis: int(sketch.pick([1, -1])) });
    },
  },
  {
    title: 'GatherND',
    batchPasses: false,
    build: (sketch) => {
      const depth = sketch.pick([1, 2, 3]);
      const batch = sketch.pick([0, 1].slice(0, depth === 3 ? 1 : 2));
      const indices = batch ? sketch.typed('int64', 3, 2, depth) : sketch.typed('int64', 2, depth);
      sketch.node('GatherND', [sketch.input(3, 4, 5), indices], { batch_dims: int(batch) });
    },
  },
  {
    title: 'ScatterElements',
    build: (sketch) => {
      const indices = sketch.graph.constant(intTensor([0, 1, 2, 0, 1, 2], [2, 3]));
      sketch.node('ScatterElements', [sketch.input(sketch.batch, 4), indices, sketch.input(2, 3)], {
        axis: int(1),
        reduction: text(sketch.pick(['none', 'add', 'mul'])),
      });
    },
  },
  {
    title: 'ScatterND',
    build: (sketch) => {
      const depth = sketch.pick([1, 2]);
      const indices = sketch.graph.constant(intTensor(depth === 1 ? [0, 1] : [0, 1, 1, 2], [2, depth]));
      const updates = sketch.input(2, ...(depth === 1 ? [4, 5] : [5]));
      sketch.node('ScatterND', [sketch.input(sketch.batch, 4, 5), indices, updates]);
    },
  },
  {
    title: 'DepthToSpace',
    build: (sketch) => {
      const block = sketch.size(1, 3);
      const input = sketch.input(sketch.batch, block ** 2 * sketch.size(1, 3), ...sketch.sizes(2));
      const mode = text(sketch.pick(['DCR', 'CRD']));
      sketch.node('DepthToSpace', [input], { blocksize: int(block), mode });
    },
  },
  {
    title: 'SpaceToDepth',
    build: (sketch) => {
      const block = sketch.size(1, 3);
      const input = sketch.input(sketch.batch, sketch.size(), ...sketch.sizes(2, 1, 3).map((size) => size * block));
      sketch.node('SpaceToDepth', [input], { blocksize: int(block) });
    },
  },
  {
    title: 'Resize by scales',
    build: (sketch) => {
      const scales = sketch.graph.constant(floatTensor([1, 1, sketch.pick([2, 0.5, 1.7]), sketch.pick([2, 0.6, 3])]));
      const mode = text(sketch.pick(['nearest', 'linear']));
      sketch.node('Resize', [sketch.input(sketch.batch, 2, ...sketch.sizes(2, 3, 7)), undefined, scales], { mode });
    },
  },
  {
    title: 'Resize to sizes of some axes',
    build: (sketch) => {
      const sizes = sketch.integers(...sketch.sizes(2, 3, 9));
      const attributes = {
        axes: ints([2, 3]),
        mode: text('linear'),
        keep_aspect_ratio_policy: text(sketch.pick(['stretch', 'not_larger', 'not_smaller'])),
      };
      const input = sketch.input(sketch.batch, 2, ...sketch.sizes(2, 3, 7));
      sketch.node('Resize', [input, undefined, undefined, sizes], attributes);
    },
  },
  {
    title: 'TopK',
    build: (sketch) => {
      const inputs = [sketch.input(sketch.batch, 5, 6), sketch.integers(sketch.size(1, 5))];
      sketch.node('TopK', inputs, { axis: int(sketch.pick([1, 2, -1])) }, { outputs: ['values', 'indices'] });
    },
  },
  {
    title: 'OneHot',
    build: (sketch) => {
      const depth = sketch.graph.constant(intTensor(sketch.size(2)));
      const values = sketch.graph.constant(floatTensor([0, 1]));
      const axis = int(sketch.pick([-1, 0, 1, 2]));
      sketch.node('OneHot', [sketch.typed('int64', sketch.batch, sketch.size()), depth, values], { axis });
    },
  },
  {
    title: 'CumSum',
    build: (sketch) => {
      sketch.node('CumSum', [sketch.input(sketch.batch, 4), sketch.graph.constant(intTensor(1))]);
    },
  },
  {
    title: 'Trilu',
    build: (sketch) => {
      const diagonal = sketch.pick([undefined, sketch.graph.constant(intTensor(1))]);
      sketch.node('Trilu', [sketch.input(sketch.batch, ...sketch.sizes(2)), diagonal], { upper: int(0) });
    },
  },
  {
    title: 'Range',
    batchPasses: false,
    build: (sketch) => {
      const [start, limit, delta] = sketch.pick([
        [0, 5, 1],
        [5, 0, -2],
        [0, 7, 3],
        [3, 1, 1],
      ]);
      sketch.node(
        'Range',
        [start, limit, delta].map((value) => sketch.graph.constant(intTensor(value))),
      );
    },
  },
  {
    title: 'Shape',
    batchPasses: false,
    build: (sketch) => {
      const attributes = sketch.pick<Attributes>([
        {},
        { start: int(1) },
        { start: int(-2), end: int(-1) },
        { end: int(9) },
      ]);
      sketch.node('Shape', [sketch.input(sketch.batch, ...sketch.sizes(2))], attributes);
    },
  },
  {
    title: 'Size',
    batchPasses: false,
    build: (sketch) => {
      sketch.node('Size', [sketch.input(sketch.batch, sketch.size())]);
    },
  },
  {
    title: 'ConstantOfShape',
    batchPasses: false,
    build: (sketch) => {
      const value = sketch.pick<Attributes>([{}, { value: { kind: 'tensor', value: intTensor([3]) } }]);
      sketch.node('ConstantOfShape', [sketch.integers(...sketch.sizes(sketch.size(0, 3), 1, 4))], value);
    },
  },
  ...['RandomUniformLike', 'RandomNormalLike', 'Bernoulli'].map((operator): ShapeCase => ({
    title: operator,
    build: (sketch) => {
      const attributes = sketch.pick<Attributes>([{}, { dtype: int(11) }]);
      sketch.node(operator, [sketch.input(sketch.batch, sketch.size())], attributes);
    },
  })),
  ...['RandomUniform', 'RandomNormal'].map((operator): ShapeCase => ({
    title: operator,
    batchPasses: false,
    build: (sketch) => {
      sketch.node(operator, [], { shape: ints(sketch.sizes(3)), dtype: int(sketch.pick([1, 11])) });
    },
  })),
  {
    title: 'EyeLike',
    build: (sketch) => {
      sketch.node('EyeLike', [sketch.input(sketch.batch, sketch.size())]);
    },
  },
];
