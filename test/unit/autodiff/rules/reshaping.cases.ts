import { int, ints, text, type Graph } from '../../../../src/onnx/graph.ts';
import type { Attributes, Value } from '../../../../src/onnx/node.ts';
import { sample, type GradientCase } from '../../../support/gradientCheck.ts';
import type { Tf, TfTensor } from '../../../support/tensorflow.ts';

const reshaped = (
  operator: string,
  title: string,
  shape: readonly number[],
  build: (graph: Graph, x: Value) => Value,
  tensorflow?: (tf: Tf, x: TfTensor) => TfTensor,
): GradientCase => ({
  operator,
  title,
  inputs: [sample(shape)],
  build: (graph, [x]) => build(graph, x!),
  ...(tensorflow ? { tensorflow: (tf: Tf, [x]: TfTensor[]) => tensorflow(tf, x!) } : {}),
});

const transposition = (shape: readonly number[], order?: readonly number[]) =>
  reshaped(
    'Transpose',
    `[${shape.join(', ')}] by ${order ? `[${order.join(', ')}]` : 'reversal'}`,
    shape,
    (graph, x) => graph.op('Transpose', [x], order ? { perm: ints(order) } : {}),
    (tf, x) => tf.transpose(x, order && [...order]),
  );

const blocks = (operator: string, shape: readonly number[], attributes: Attributes) =>
  reshaped(operator, `[${shape.join(', ')}] ${JSON.stringify(attributes)}`, shape, (graph, x) =>
    graph.op(operator, [x], attributes),
  );

export const reshapingCases: readonly GradientCase[] = [
  reshaped('Identity', 'of a matrix', [2, 3], (graph, x) => graph.op('Identity', [x])),
  reshaped(
    'Reshape',
    'to [4, 3] with a kept and an inferred dimension',
    [2, 3, 2],
    (graph, x) => graph.op('Reshape', [graph.op('Reshape', [x, graph.integers([0, -1])]), graph.integers([4, 3])]),
    (tf, x) => tf.reshape(x, [4, 3]),
  ),
  reshaped('Reshape', 'to a scalar', [1, 1], (graph, x) => graph.op('Reshape', [x, graph.integers([])])),
  reshaped('Flatten', 'axis 1', [2, 3, 2], (graph, x) => graph.op('Flatten', [x])),
  reshaped('Flatten', 'axis 0', [2, 3, 2], (graph, x) => graph.op('Flatten', [x], { axis: int(0) })),
  reshaped('Flatten', 'axis -1', [2, 3, 2], (graph, x) => graph.op('Flatten', [x], { axis: int(-1) })),
  reshaped('Squeeze', 'axes 0 and -1', [1, 3, 1, 1], (graph, x) => graph.op('Squeeze', [x, graph.integers([0, -1])])),
  reshaped('Squeeze', 'all axes of size 1', [1, 3, 1], (graph, x) => graph.op('Squeeze', [x])),
  reshaped('Unsqueeze', 'axes 0 and -1', [2, 3], (graph, x) => graph.op('Unsqueeze', [x, graph.integers([0, -1])])),
  reshaped('Cast', 'float32 to float64 and back', [2, 3], (graph, x) =>
    graph.op('Cast', [graph.op('Cast', [x], { to: int(11) })], { to: int(1) }),
  ),
  reshaped('CastLike', 'float32 to float64 and back', [2, 3], (graph, x) => {
    const double = graph.constant({ type: 'float64', shape: [1], data: Float64Array.of(0) });
    return graph.op('CastLike', [graph.op('CastLike', [x, double]), graph.scalar(0)]);
  }),
  reshaped('Dropout', 'is the identity of inference', [2, 3], (graph, x) =>
    graph.op('Dropout', [x, graph.scalar(0.4)]),
  ),
  transposition([2, 3]),
  transposition([2, 3, 4], [1, 2, 0]),
  transposition([2, 1, 3, 2], [0, 2, 3, 1]),
  transposition([2, 3], [0, 1]),
  blocks('DepthToSpace', [2, 8, 2, 3], { blocksize: int(2) }),
  blocks('DepthToSpace', [1, 12, 2, 1], { blocksize: int(2), mode: text('CRD') }),
  blocks('DepthToSpace', [1, 18, 1, 2], { blocksize: int(3), mode: text('DCR') }),
  blocks('SpaceToDepth', [2, 2, 4, 6], { blocksize: int(2) }),
  blocks('SpaceToDepth', [1, 1, 3, 6], { blocksize: int(3) }),
];
