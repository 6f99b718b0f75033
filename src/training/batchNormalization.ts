import { DistilleryError } from '../errors.ts';
import { floatOf } from '../onnx/attributes.ts';
import { int, type Graph, type Node, type Value } from '../onnx/graph.ts';
import { dimensionsOf } from '../onnx/graph.ts';

/** A batch normalisation in training form: its output, and its running statistics after the step. */
export interface TrainedNormalization {
  readonly output: Value;
  readonly mean: Value;
  readonly variance: Value;
}

/**
 * Builds batch normalisation as it is trained (arXiv 1502.03167): with the mean and the (biased) variance of the batch,
 * composed from reductions because inference builds of ONNX Runtime have no training mode. The running statistics move
 * as the ONNX specification says: running · momentum + batch · (1 − momentum).
 *
 * @param inputs x [B, C, …], scale [C], bias [C], running mean [C], running variance [C]
 */
export function buildTrainedNormalization(
  graph: Graph,
  node: Node,
  inputs: readonly (Value | undefined)[],
): TrainedNormalization {
  const [x, scale, bias, mean, variance] = inputs;
  if (!x || !scale || !bias || !mean || !variance) {
    throw new DistilleryError('BAD_FILE', `Node '${node.name}' (BatchNormalization) lacks an input.`);
  }
  const shape = dimensionsOf(x);
  const [, channels = 1] = shape;
  const axes = graph.integers(shape.flatMap((_, axis) => (axis === 1 ? [] : [axis])));
  const perChannel = (value: Value): Value =>
    graph.op('Reshape', [value, graph.integers(shape.map((_, axis) => (axis === 1 ? channels : 1)))]);
  const vector = (value: Value): Value => graph.op('Reshape', [value, graph.integers([channels])]);

  const batchMean = graph.op('ReduceMean', [x, axes], { keepdims: int(1) });
  const centered = graph.op('Sub', [x, batchMean]);
  const batchVariance = graph.op('ReduceMean', [graph.op('Mul', [centered, centered]), axes], { keepdims: int(1) });
  const deviation = graph.op('Sqrt', [
    graph.op('Add', [batchVariance, graph.scalar(floatOf(node, 'epsilon', 1e-5), x)]),
  ]);
  const gain = graph.op('Div', [perChannel(scale), deviation]);
  const output = graph.op('Add', [graph.op('Mul', [centered, gain]), perChannel(bias)]);

  const momentum = floatOf(node, 'momentum', 0.9);
  const moved = (running: Value, batch: Value): Value =>
    graph.op('Add', [
      graph.op('Mul', [running, graph.scalar(momentum, x)]),
      graph.op('Mul', [vector(batch), graph.scalar(1 - momentum, x)]),
    ]);
  return { output, mean: moved(mean, batchMean), variance: moved(variance, batchVariance) };
}
