import { buildDecay, decayScalars, decayScalarsAt } from './decay.ts';
import type { Optimizer } from './optimizer.ts';

/** Settings of `lion`. */
export interface LionOptions {
  /** Share of the moment in the direction of the step. */
  readonly beta1: number;
  /** Share of the moment that remains after a step. */
  readonly beta2: number;
  readonly weightDecay: number;
}

/**
 * Lion (Chen et al., arXiv 2302.06675): p' = p − rate · sign(β₁m + (1 − β₁)g), m' = β₂m + (1 − β₂)g. The moment is stored
 * undivided (M = m / (1 − β₂)), and only the sign of the direction matters, so both sums need one product each.
 */
export function lion({ beta1, beta2, weightDecay }: LionOptions): Optimizer {
  const share = (beta1 * (1 - beta2)) / (1 - beta1);
  return {
    slots: ['lion.moment'],
    scalars: ['lion.rate', ...decayScalars(weightDecay)],
    build(graph, inputs) {
      const { gradient } = inputs;
      const [moment] = inputs.slots;
      const [rate, kept] = inputs.scalars;
      const direction = graph.op('Add', [graph.op('Mul', [moment, graph.scalar(share)]), gradient]);
      const next = graph.op('Add', [graph.op('Mul', [moment, graph.scalar(beta2)]), gradient]);
      const step = graph.op('Mul', [graph.op('Sign', [direction]), rate]);
      return { parameters: graph.op('Sub', [buildDecay(graph, inputs, kept), step]), slots: [next] };
    },
    scalarsAt: ({ learningRate }) => [learningRate, ...decayScalarsAt(weightDecay, learningRate)],
  };
}
