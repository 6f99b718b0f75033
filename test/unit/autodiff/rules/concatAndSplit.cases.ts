import { int, text } from '../../../../src/onnx/graph.ts';
import type { Attributes } from '../../../../src/onnx/node.ts';
import { sample, type GradientCase } from '../../../support/gradientCheck.ts';

const slicing = (
  title: string,
  shape: readonly number[],
  starts: readonly number[],
  ends: readonly number[],
  axes?: readonly number[],
  steps?: readonly number[],
): GradientCase => ({
  operator: 'Slice',
  title,
  inputs: [sample(shape)],
  build: (graph, [x]) => {
    const lists = [starts, ends, axes, steps].map((list) => list && graph.integers(list));
    while (lists.at(-1) === undefined) lists.pop();
    return graph.op('Slice', [x, ...lists]);
  },
  // TensorFlow.js has no gradient of a slice with steps.
  ...(steps || axes?.some((axis) => axis < 0)
    ? {}
    : {
        tensorflow: (tf, [x]) => {
          const parts = shape.map((size, axis) => {
            const position = axes ? axes.indexOf(axis) : axis;
            const start = starts[position] ?? 0;
            return [start, Math.min(ends[position] ?? size, size) - start] as const;
          });
          return tf.slice(
            x!,
            parts.map(([start]) => start),
            parts.map(([, size]) => size),
          );
        },
      }),
});

const padding = (
  mode: string,
  shape: readonly number[],
  pads: readonly number[],
  axes?: readonly number[],
): GradientCase => ({
  operator: 'Pad',
  title: `${mode}, [${shape.join(', ')}] by [${pads.join(', ')}]${axes ? ` on axes [${axes.join(', ')}]` : ''}`,
  inputs: [sample(shape)],
  build: (graph, [x]) => {
    const attributes: Attributes = mode === 'constant' ? {} : { mode: text(mode) };
    const inputs = [x, graph.integers(pads)];
    if (axes) inputs.push(undefined, graph.integers(axes));
    return graph.op('Pad', inputs, attributes);
  },
  // TensorFlow.js's gradient of mirrored padding drops what is mirrored; it has no edges, wraps and cuts.
  ...(axes || mode !== 'constant' || pads.some((amount) => amount < 0)
    ? {}
    : {
        tensorflow: (tf, [x]) =>
          tf.pad(
            x!,
            shape.map((_, axis): [number, number] => [pads[axis]!, pads[axis + shape.length]!]),
          ),
      }),
});

export const pieceCases: readonly GradientCase[] = [
  {
    operator: 'Concat',
    title: 'three inputs along axis 1',
    inputs: [sample([2, 3]), sample([2, 1]), sample([2, 2])],
    build: (graph, inputs) => graph.op('Concat', inputs, { axis: int(1) }),
    tensorflow: (tf, inputs) => tf.concat(inputs, 1),
  },
  {
    operator: 'Concat',
    title: 'a negative axis, and one input twice',
    inputs: [sample([2, 3, 2]), sample([1, 3, 2])],
    build: (graph, [a, b]) => graph.op('Concat', [a, b, a], { axis: int(-3) }),
    tensorflow: (tf, [a, b]) => tf.concat([a!, b!, a!], 0),
  },
  {
    operator: 'Split',
    title: 'given sizes, all pieces used',
    inputs: [sample([2, 6])],
    build: (graph, [x]) =>
      graph.node('Split', [x, graph.integers([1, 3, 2])], {
        attributes: { axis: int(-1) },
        outputs: ['a', 'b', 'c'],
      }),
    tensorflow: (tf, [x]) => tf.split(x!, [1, 3, 2], 1),
  },
  {
    operator: 'Split',
    title: 'equal sizes, the middle piece unused',
    inputs: [sample([6, 2])],
    build: (graph, [x]) => {
      const [first, , last] = graph.node('Split', [x], {
        attributes: { num_outputs: int(3) },
        outputs: ['a', 'b', 'c'],
      });
      return [first!, last!];
    },
  },
  {
    operator: 'Split',
    title: 'a smaller last piece',
    inputs: [sample([5, 2])],
    build: (graph, [x]) => graph.node('Split', [x], { attributes: { num_outputs: int(3) }, outputs: ['a', 'b', 'c'] }),
  },
  slicing('the middle of two axes', [4, 5], [1, 2], [3, 5]),
  slicing('negative positions and axes', [4, 5], [-3], [-1], [-1]),
  slicing('ends far beyond', [4, 5], [1], [2 ** 40], [1]),
  slicing('a step', [7, 3], [1], [7], [0], [2]),
  slicing('steps that leave a rest', [8, 5], [0, 1], [8, 5], [0, 1], [3, 3]),
  slicing('backwards', [5, 3], [-1], [-6], [0], [-1]),
  slicing('backwards in steps', [7, 3], [5], [0], [0], [-2]),
  slicing('backwards from beyond the end', [6], [100], [-100], [0], [-4]),
  padding('constant', [2, 3], [1, 0, 2, 1]),
  padding('constant', [2, 3], [0, 2, 1, 0]),
  padding('constant', [4, 5], [-1, 2, 1, -2]),
  padding('constant', [2, 3, 2], [1, 2], [-1]),
  padding('reflect', [3, 4], [2, 1, 0, 3]),
  padding('reflect', [2, 5], [0, 4, 0, 4]),
  padding('edge', [3, 4], [2, 1, 0, 3]),
  padding('edge', [1, 2], [1, 0, 2, 0]),
  padding('wrap', [3, 4], [2, 1, 0, 3]),
  {
    operator: 'Pad',
    title: 'with a fill value',
    inputs: [sample([2, 3])],
    build: (graph, [x]) => graph.op('Pad', [x, graph.integers([1, 1, 0, 0]), graph.scalar(7)]),
  },
  {
    operator: 'Pad',
    title: 'with a fill value that is computed',
    inputs: [sample([2, 3]), sample([])],
    build: (graph, [x, fill]) => graph.op('Pad', [x, graph.integers([1, 1, 0, 2]), fill]),
  },
];
