import { buildDecay, decayScalars, decayScalarsAt } from './decay.ts';
import type { Optimizer } from './optimizer.ts';

/** Settings of `sgd`. */
export interface SgdOptions {
  /** Share of the velocity that remains after a step; without any, the optimizer keeps no state. */
  readonly momentum: number;
  /** Looks ahead: the step follows the velocity that the next step would have, were the gradient 0. */
  readonly nesterov: boolean;
  readonly weightDecay: number;
}

/**
 * Stochastic gradient descent as PyTorch has it, with momentum (u' = μu + g, p' = p − rate · u') or Nesterov's momentum
 * (Sutskever et al. 2013; p' = p − rate · (g + μu')). Weight decay is decoupled.
 */
export function sgd({ momentum, nesterov, weightDecay }: SgdOptions): Optimizer {
  return {
    slots: momentum === 0 ? [] : ['sgd.velocity'],
    scalars: ['sgd.rate', ...decayScalars(weightDecay)],
    build(graph, inputs) {
      const { gradient } = inputs;
      const [velocity] = inputs.slots;
      const [rate, kept] = inputs.scalars;
      const accumulate = graph.scalar(momentum);
      const moved = velocity && graph.op('Add', [graph.op('Mul', [velocity, accumulate]), gradient]);
      const ahead = moved && nesterov ? graph.op('Add', [graph.op('Mul', [moved, accumulate]), gradient]) : moved;
      return {
        parameters: graph.op('Sub', [buildDecay(graph, inputs, kept), graph.op('Mul', [ahead ?? gradient, rate])]),
        slots: moved ? [moved] : [],
      };
    },
    scalarsAt: ({ learningRate }) => [learningRate, ...decayScalarsAt(weightDecay, learningRate)],
  };
}
