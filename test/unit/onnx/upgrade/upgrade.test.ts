import assert from 'node:assert/strict';
import { Random } from '../../../../src/data/random.ts';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import { float, int, ints, text } from '../../../../src/onnx/graph.ts';
import { importGraph } from '../../../../src/onnx/importing/importGraph.ts';
import { floatTensor, intTensor } from '../../../../src/onnx/tensor.ts';
import { runAll, storedModel, type StoredGraphOptions } from '../../../support/storedModel.ts';

/** A graph written for older operator sets, and those in which it is valid. */
interface OldGraph {
  readonly title: string;
  readonly opsets: readonly number[];
  readonly graph: StoredGraphOptions;
  /** Operators that the upgraded graph must have, in order. */
  readonly expected: readonly string[];
}

const x = { x: [2, 3, 4] };

const oldGraphs: readonly OldGraph[] = [
  {
    title: 'Squeeze and Unsqueeze with attribute axes',
    opsets: [7, 9, 11, 12],
    graph: {
      inputs: x,
      nodes: [
        ['Unsqueeze', 'x', 'wide', { axes: ints([0, 3]) }],
        ['Squeeze', 'wide', 'y', { axes: ints([0]) }],
      ],
      outputs: ['y'],
    },
    expected: ['Unsqueeze', 'Squeeze'],
  },
  {
    title: 'Split with attribute split',
    opsets: [7, 9, 11, 12],
    graph: { inputs: x, nodes: [['Split', 'x', 'a b', { axis: int(1), split: ints([1, 2]) }]], outputs: ['a', 'b'] },
    expected: ['Split'],
  },
  {
    title: 'Split into equal parts without a number',
    opsets: [8, 9, 13, 17],
    graph: { inputs: x, nodes: [['Split', 'x', 'a b', { axis: int(-1) }]], outputs: ['a', 'b'] },
    expected: ['Split'],
  },
  ...['ReduceMean', 'ReduceMax', 'ReduceL2', 'ReduceLogSumExp', 'ReduceProd', 'ReduceSumSquare'].map(
    (operator): OldGraph => ({
      title: `${operator} with attribute axes`,
      opsets: [7, 9, 11, 13, 17],
      graph: {
        inputs: x,
        nodes: [
          [operator, 'x', 'a', { axes: ints([1]), keepdims: int(0) }],
          [operator, 'x', 'b'],
        ],
        outputs: ['a', 'b'],
      },
      expected: [operator, operator],
    }),
  ),
  {
    title: 'ReduceSum with attribute axes',
    opsets: [7, 9, 11, 12],
    graph: { inputs: x, nodes: [['ReduceSum', 'x', 'y', { axes: ints([0, 2]) }]], outputs: ['y'] },
    expected: ['ReduceSum'],
  },
  {
    title: 'Clip with attribute bounds, both or one',
    opsets: [9, 10],
    graph: {
      inputs: x,
      nodes: [
        ['Clip', 'x', 'a', { min: float(0.5), max: float(1.5) }],
        ['Clip', 'x', 'b', { max: float(1) }],
        ['Clip', 'x', 'c'],
      ],
      outputs: ['a', 'b', 'c'],
    },
    expected: ['Clip', 'Clip', 'Clip'],
  },
  {
    title: 'Slice with attributes',
    opsets: [9],
    graph: {
      inputs: x,
      nodes: [
        ['Slice', 'x', 'a', { starts: ints([1, -2]), ends: ints([3, 2 ** 62]), axes: ints([1, 2]) }],
        ['Slice', 'x', 'b', { starts: ints([1]), ends: ints([2]) }],
      ],
      outputs: ['a', 'b'],
    },
    expected: ['Slice', 'Slice'],
  },
  {
    title: 'Pad with attributes',
    opsets: [9, 10],
    graph: {
      inputs: x,
      nodes: [
        ['Pad', 'x', 'a', { pads: ints([0, 1, 2, 0, 0, 1]), value: float(3) }],
        ['Pad', 'x', 'b', { pads: ints([0, 1, 2, 0, 0, 1]), mode: text('edge') }],
      ],
      outputs: ['a', 'b'],
    },
    expected: ['Pad', 'Pad'],
  },
  {
    title: 'TopK with attribute k',
    opsets: [9],
    graph: {
      inputs: x,
      nodes: [['TopK', 'x', 'values indices', { k: int(2), axis: int(2) }]],
      outputs: ['values', 'indices'],
      outputTypes: { indices: 'int64' },
    },
    expected: ['TopK'],
  },
  {
    title: 'Dropout with attribute ratio',
    opsets: [9, 10, 11],
    graph: { inputs: x, nodes: [['Dropout', 'x', 'y', { ratio: float(0.3) }]], outputs: ['y'] },
    expected: ['Dropout'],
  },
  {
    title: 'Scatter',
    opsets: [9, 10],
    graph: {
      inputs: { x: [2, 3] },
      initializers: { indices: intTensor([1, 2, 0, 1], [2, 2]), updates: floatTensor([1, 2, 3, 4], [2, 2]) },
      nodes: [['Scatter', 'x indices updates', 'y', { axis: int(1) }]],
      outputs: ['y'],
    },
    expected: ['ScatterElements'],
  },
  ...['Softmax', 'LogSoftmax', 'Hardmax'].flatMap((operator): OldGraph[] => [
    {
      title: `${operator} over all axes from the second one`,
      opsets: [7, 9, 11, 12],
      graph: { inputs: x, nodes: [[operator, 'x', 'y']], outputs: ['y'] },
      expected: ['Flatten', operator, 'Reshape'],
    },
    {
      title: `${operator} over the last axis`,
      opsets: [7, 9, 12],
      graph: { inputs: x, nodes: [[operator, 'x', 'y', { axis: int(2) }]], outputs: ['y'] },
      expected: [operator],
    },
  ]),
  {
    title: 'Softmax over everything',
    opsets: [11, 12],
    graph: { inputs: x, nodes: [['Softmax', 'x', 'y', { axis: int(-3) }]], outputs: ['y'] },
    expected: ['Flatten', 'Softmax', 'Reshape'],
  },
  ...['nearest', 'linear'].flatMap((mode): OldGraph[] =>
    [
      { operator: 'Upsample', opsets: [9], scales: [1, 1, 2, 3] },
      { operator: 'Resize', opsets: [10], scales: [1, 1, 2, 1.5] },
      { operator: 'Resize', opsets: [10], scales: [1, 1, 0.6, 0.5] },
    ].map(({ operator, opsets, scales }) => ({
      title: `${operator} ${mode} by ${scales.slice(2).join(' × ')}`,
      opsets,
      graph: {
        inputs: { x: [1, 2, 5, 4] },
        initializers: { scales: floatTensor(scales) },
        nodes: [[operator, 'x scales', 'y', { mode: text(mode) }]],
        outputs: ['y'],
      },
      expected: ['Resize'],
    })),
  ),
  {
    title: 'Upsample with attribute scales',
    opsets: [7, 8],
    graph: {
      inputs: { x: [1, 2, 5, 4] },
      nodes: [
        ['Upsample', 'x', 'a', { mode: text('nearest'), scales: { kind: 'floats', value: [1, 1, 2, 3] } }],
        ['Upsample', 'x', 'b', { mode: text('linear'), scales: { kind: 'floats', value: [1, 1, 2, 2] } }],
      ],
      outputs: ['a', 'b'],
    },
    expected: ['Resize', 'Resize'],
  },
  {
    title: 'BatchNormalization that says that it is one of channels',
    opsets: [7, 8],
    graph: {
      inputs: { x: [2, 3, 4] },
      initializers: { one: floatTensor([1, 2, 3]), two: floatTensor([0.5, 1, 0.2]) },
      nodes: [['BatchNormalization', 'x one two two one', 'y', { spatial: int(1) }]],
      outputs: ['y'],
    },
    expected: ['BatchNormalization'],
  },
  {
    title: 'Resize with empty inputs',
    opsets: [11, 13],
    graph: {
      inputs: { x: [1, 2, 5, 4] },
      initializers: { roi: floatTensor([]), scales: floatTensor([]), sizes: intTensor([1, 2, 7, 3]) },
      nodes: [['Resize', 'x roi scales sizes', 'y', { mode: text('linear') }]],
      outputs: ['y'],
    },
    expected: ['Resize'],
  },
  {
    title: 'Resize in opset 11 by scales',
    opsets: [11, 13, 18],
    graph: {
      inputs: { x: [1, 2, 5, 4] },
      initializers: { roi: floatTensor([]), scales: floatTensor([1, 1, 2, 2]) },
      nodes: [
        ['Resize', 'x roi scales', 'a', { mode: text('cubic'), cubic_coeff_a: float(-0.5) }],
        [
          'Resize',
          'x roi scales',
          'b',
          { coordinate_transformation_mode: text('align_corners'), mode: text('linear') },
        ],
        [
          'Resize',
          'x roi scales',
          'c',
          { coordinate_transformation_mode: text('asymmetric'), nearest_mode: text('floor') },
        ],
      ],
      outputs: ['a', 'b', 'c'],
    },
    expected: ['Resize', 'Resize', 'Resize'],
  },
  {
    title: 'GroupNormalization with a scale per group',
    opsets: [18, 20],
    graph: {
      inputs: { x: [2, 6, 3] },
      initializers: { scale: floatTensor([1, 2, 3]), bias: floatTensor([0.1, 0.2, 0.3]) },
      nodes: [['GroupNormalization', 'x scale bias', 'y', { num_groups: int(3) }]],
      outputs: ['y'],
    },
    expected: ['Reshape', 'Expand', 'Reshape', 'Reshape', 'Expand', 'Reshape', 'GroupNormalization'],
  },
  {
    title: 'what needs no upgrade',
    opsets: [7, 8, 9, 11, 13, 17, 20, 21, 22, 23],
    graph: {
      inputs: { x: [1, 2, 5, 5] },
      initializers: {
        weights: floatTensor(
          Array.from({ length: 54 }, (_, index) => Math.sin(index)),
          [3, 2, 3, 3],
        ),
        channels: floatTensor([0.5, 1, 1.5]),
      },
      nodes: [
        ['Conv', 'x weights', 'convolved', { pads: ints([1, 1, 1, 1]) }],
        ['BatchNormalization', 'convolved channels channels channels channels', 'normalized'],
        ['Relu', 'normalized', 'active'],
        ['MaxPool', 'active', 'pooled', { kernel_shape: ints([2, 2]), strides: ints([2, 2]) }],
        ['GlobalAveragePool', 'pooled', 'averaged'],
        ['Flatten', 'averaged', 'y'],
      ],
      outputs: ['y'],
    },
    expected: ['Conv', 'BatchNormalization', 'Relu', 'MaxPool', 'GlobalAveragePool', 'Flatten'],
  },
];

describe('an old operator, brought up to date, computes what it computed before', () => {
  for (const { title, opsets, graph, expected } of oldGraphs) {
    for (const opset of opsets) {
      it(`opset ${opset}: ${title}`, async () => {
        const original = storedModel(opset, graph);
        const imported = importGraph(original);
        const upgraded = exportModel(imported, { name: 'upgraded' });
        assert.deepEqual(
          imported.nodes.map(({ operator }) => operator),
          expected,
        );
        const [before, after] = await runAll([original, upgraded], imported, new Random(opset));
        assert.deepEqual(after, before);
        for (const output of imported.outputs) {
          assert.deepEqual(before![output.name]!.dims, [...output.shape], 'the inferred shape differs');
        }
      });
    }
  }
});
