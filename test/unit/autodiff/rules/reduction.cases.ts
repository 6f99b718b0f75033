import { int } from '../../../../src/onnx/graph.ts';
import { sample, type Distribution, type GradientCase } from '../../../support/gradientCheck.ts';
import type { Tf, TfTensor } from '../../../support/tensorflow.ts';

type Reduce = (tf: Tf, x: TfTensor, axes: number[] | undefined, keep: boolean) => TfTensor;

function reduction(operator: string, from: Distribution, tensorflow?: Reduce): GradientCase[] {
  const over = (shape: readonly number[], axes: number[] | undefined, keep: 0 | 1): GradientCase => ({
    operator,
    title: `[${shape.join(', ')}] over ${axes ? `[${axes.join(', ')}]` : 'everything'}, keepdims ${keep}`,
    inputs: [sample(shape, from)],
    build: (graph, [x]) => graph.op(operator, axes ? [x, graph.integers(axes)] : [x], { keepdims: int(keep) }),
    ...(tensorflow ? { tensorflow: (tf: Tf, [x]: TfTensor[]) => tensorflow(tf, x!, axes, keep === 1) } : {}),
  });
  return [
    over([2, 3, 4], undefined, 0),
    over([2, 3, 4], [1], 1),
    over([2, 3, 4], [-1, 0], 0),
    over([3, 1, 2], [1], 0),
    over([5], [0], 1),
    {
      operator,
      title: 'of a value that is used elsewhere too',
      inputs: [sample([2, 3], 'positive')],
      build: (graph, [x]) => graph.op('Add', [x, graph.op(operator, [x, graph.integers([1])])]),
    },
  ];
}

const norm: Reduce = (tf, x, axes, keep) => tf.sqrt(tf.sum(tf.square(x), axes, keep));

export const reductionCases: readonly GradientCase[] = [
  ...reduction('ReduceSum', 'plain', (tf, x, axes, keep) => tf.sum(x, axes, keep)),
  ...reduction('ReduceMean', 'plain', (tf, x, axes, keep) => tf.mean(x, axes, keep)),
  ...reduction('ReduceMax', 'apart', (tf, x, axes, keep) => tf.max(x, axes, keep)),
  ...reduction('ReduceMin', 'apart', (tf, x, axes, keep) => tf.min(x, axes, keep)),
  ...reduction('ReduceProd', 'positive'),
  ...reduction('ReduceSumSquare', 'plain', (tf, x, axes, keep) => tf.sum(tf.square(x), axes, keep)),
  ...reduction('ReduceL1', 'apart', (tf, x, axes, keep) => tf.sum(tf.abs(x), axes, keep)),
  ...reduction('ReduceL2', 'plain', norm),
  ...reduction('ReduceLogSum', 'positive', (tf, x, axes, keep) => tf.log(tf.sum(x, axes, keep))),
  ...reduction('ReduceLogSumExp', 'plain', (tf, x, axes, keep) => tf.logSumExp(x, axes, keep)),
  {
    operator: 'ReduceSum',
    title: 'empty axes with noop_with_empty_axes',
    inputs: [sample([2, 3])],
    build: (graph, [x]) => graph.op('ReduceSum', [x], { noop_with_empty_axes: int(1) }),
  },
  {
    operator: 'ReduceProd',
    title: 'one and two zeros in a row',
    inputs: [sample([3, 3], [0, 2, 3, 0, 0, 4, 1, 5, 6])],
    build: (graph, [x]) => graph.op('ReduceProd', [x, graph.integers([1])]),
  },
  {
    operator: 'ReduceLogSumExp',
    title: 'logits of up to ±1000 stay finite',
    inputs: [sample([2, 3], [1000, 999.5, 0, -1000, -1001, -999])],
    build: (graph, [x]) => graph.op('ReduceLogSumExp', [x, graph.integers([1])]),
  },
];
