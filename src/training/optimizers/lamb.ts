import { int, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { elementCount, type Dimensions } from '../../onnx/tensor.ts';
import { buildSquaredNorm } from '../step/squaredNorm.ts';
import { buildMomentRatio, momentScalars, type AdamOptions } from './adam.ts';
import type { Optimizer } from './optimizer.ts';

/**
 * LAMB (You et al., arXiv 1904.00962): Adam for large batches. With r = m̂ / (√v̂ + ε) and u = r + λp, every weight that
 * decays moves by its own rate: p' = p − rate · ‖p‖ / ‖u‖ · u, where a norm of 0 leaves the rate as it is. Weights that do
 * not decay (biases, scales) follow Adam, as in the authors' code.
 *
 * The bias corrections are one factor of r = scale · M' / (√V' + ε'). It cancels in u / ‖u‖, so that the vectors are never
 * multiplied by it.
 */
export function lamb(options: AdamOptions): Optimizer {
  return {
    slots: ['lamb.first', 'lamb.second'],
    scalars: ['lamb.rate', 'lamb.scale', 'lamb.epsilon'],
    build(graph, inputs) {
      const { parameters, shapes, decays } = inputs;
      const [rate, scale, epsilon] = inputs.scalars;
      const { ratio, moments } = buildMomentRatio(graph, options, inputs, epsilon);
      const move =
        decays && scale
          ? buildTrustedMove(graph, { parameters, ratio, scale, shapes }, options.weightDecay)
          : graph.op('Mul', [ratio, scale]);
      return { parameters: graph.op('Sub', [parameters, graph.op('Mul', [move, rate])]), slots: moments };
    },
    scalarsAt: (moment) => {
      const { scale, epsilon } = momentScalars(options, moment);
      return [moment.learningRate, scale, epsilon];
    },
  };
}

/** The vectors of a group, its parameters and r / scale, and what the weights in them look like. */
interface Direction {
  readonly parameters: Value;
  readonly ratio: Value;
  readonly scale: Value;
  readonly shapes: readonly Dimensions[];
}

/** Adds ‖p‖ / ‖u‖ · u to the graph, with the norms of each weight on its own. */
function buildTrustedMove(graph: Graph, { parameters, ratio, scale, shapes }: Direction, weightDecay: number): Value {
  const decay = graph.op('Div', [graph.scalar(weightDecay), scale]);
  const update = weightDecay > 0 ? graph.op('Add', [ratio, graph.op('Mul', [parameters, decay])]) : ratio;
  const weights = cutVector(graph, parameters, shapes);
  const moves = cutVector(graph, update, shapes).map((segment, index) => {
    const norm = (flat: Value): Value =>
      graph.op('Sqrt', [buildSquaredNorm(graph, graph.op('Reshape', [flat, graph.integers(shapes[index] ?? [])]))]);
    const [weightNorm, updateNorm] = [norm(weights[index] ?? segment), norm(segment)];
    const isZero = graph.op('Equal', [graph.op('Mul', [weightNorm, updateNorm]), graph.scalar(0)]);
    const trust = graph.op('Where', [isZero, scale, graph.op('Div', [weightNorm, updateNorm])]);
    return graph.op('Mul', [segment, trust]);
  });
  const [only] = moves;
  return moves.length === 1 && only ? only : graph.op('Concat', moves, { axis: int(0) });
}

/** The weights of a vector, each still flat. */
function cutVector(graph: Graph, vector: Value, shapes: readonly Dimensions[]): readonly Value[] {
  if (shapes.length === 1) return [vector];
  const lengths = shapes.map(elementCount);
  const parts = graph.node('Split', [vector, graph.integers(lengths)], {
    outputs: lengths.map(() => graph.freshName('segment')),
  });
  return parts.flatMap((part) => (part ? [part] : []));
}
