import type { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { buildDecay, decayScalars, decayScalarsAt } from './decay.ts';
import type { Moment, Optimizer, OptimizerInputs } from './optimizer.ts';

/** Settings of `adam` and `lamb`. */
export interface AdamOptions {
  /** Share of the first moment, the mean of the gradients, that remains after a step. */
  readonly beta1: number;
  /** Share of the second moment, the mean of their squares, that remains after a step. */
  readonly beta2: number;
  /** Keeps the division by the root of the second moment finite. */
  readonly epsilon: number;
  readonly weightDecay: number;
}

/**
 * Adam (Kingma & Ba, arXiv 1412.6980); with weight decay, which is decoupled, AdamW (Loshchilov & Hutter, arXiv
 * 1711.05101).
 *
 * The moments are stored undivided (M = m / (1 − β₁), V = v / (1 − β₂)) and the bias corrections are folded into the two
 * scalars that the host computes for every step, which leaves ten element-wise operators on the flat vector:
 * M' = β₁M + g, V' = β₂V + g², p' = p − rate · M' / (√V' + ε').
 */
export function adam(options: AdamOptions): Optimizer {
  const { weightDecay } = options;
  return {
    slots: ['adam.first', 'adam.second'],
    scalars: ['adam.rate', 'adam.epsilon', ...decayScalars(weightDecay)],
    build(graph, inputs) {
      const [rate, epsilon, kept] = inputs.scalars;
      const { ratio, moments } = buildMomentRatio(graph, options, inputs, epsilon);
      const parameters = buildDecay(graph, inputs, kept);
      return { parameters: graph.op('Sub', [parameters, graph.op('Mul', [ratio, rate])]), slots: moments };
    },
    scalarsAt: (moment) => {
      const { scale, epsilon } = momentScalars(options, moment);
      const { learningRate } = moment;
      return [learningRate * scale, epsilon, ...decayScalarsAt(weightDecay, learningRate)];
    },
  };
}

/** Adds the moments' step, M' and V', and the ratio M' / (√V' + ε') to the graph. */
export function buildMomentRatio(
  graph: Graph,
  { beta1, beta2 }: AdamOptions,
  { gradient, slots: [first, second] }: Pick<OptimizerInputs, 'gradient' | 'slots'>,
  epsilon: Value | undefined,
): { readonly ratio: Value; readonly moments: readonly Value[] } {
  const newFirst = graph.op('Add', [graph.op('Mul', [first, graph.scalar(beta1)]), gradient]);
  const newSecond = graph.op('Add', [
    graph.op('Mul', [second, graph.scalar(beta2)]),
    graph.op('Mul', [gradient, gradient]),
  ]);
  const denominator = graph.op('Add', [graph.op('Sqrt', [newSecond]), epsilon]);
  return { ratio: graph.op('Div', [newFirst, denominator]), moments: [newFirst, newSecond] };
}

/** What turns M' / (√V' + ε') into m̂ / (√v̂ + ε) with both moments corrected for their start at zero: ε' and a factor. */
export function momentScalars(
  { beta1, beta2, epsilon }: AdamOptions,
  { step }: Pick<Moment, 'step'>,
): { readonly scale: number; readonly epsilon: number } {
  const correction1 = (1 - beta1) / (1 - beta1 ** step);
  const correction2 = Math.sqrt((1 - beta2) / (1 - beta2 ** step));
  return { scale: correction1 / correction2, epsilon: epsilon / correction2 };
}
