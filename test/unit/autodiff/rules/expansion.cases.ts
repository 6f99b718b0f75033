import { sample, type GradientCase } from '../../../support/gradientCheck.ts';

const expansion = (shape: readonly number[], to: readonly number[]): GradientCase => ({
  operator: 'Expand',
  title: `[${shape.join(', ')}] to [${to.join(', ')}]`,
  inputs: [sample(shape)],
  build: (graph, [x]) => graph.op('Expand', [x, graph.integers(to)]),
});

const tiling = (shape: readonly number[], repeats: readonly number[]): GradientCase => ({
  operator: 'Tile',
  title: `[${shape.join(', ')}] by [${repeats.join(', ')}]`,
  inputs: [sample(shape)],
  build: (graph, [x]) => graph.op('Tile', [x, graph.integers(repeats)]),
  tensorflow: (tf, [x]) => tf.tile(x!, [...repeats]),
});

export const expansionCases: readonly GradientCase[] = [
  expansion([3, 1], [3, 4]),
  expansion([3, 1], [2, 1, 4]),
  expansion([], [2, 2]),
  expansion([2, 3], [2, 3]),
  expansion([1, 3], [1]),
  tiling([2, 3], [2, 1]),
  tiling([2, 1, 3], [1, 3, 2]),
  tiling([4], [1]),
];
