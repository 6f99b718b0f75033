import type { Optimizer } from './optimizer.ts';

/** Settings of `sgd`. */
export interface SgdOptions {
  /** Share of the velocity that remains after a step; without any, the optimizer keeps no state. */
  readonly momentum: number;
  /** Looks ahead: the step follows the velocity that the next step would have, were the gradient 0. */
  readonly nesterov: boolean;
}

/**
 * Stochastic gradient descent as PyTorch has it, with momentum (u' = μu + g, p' = p − rate · u') or Nesterov's momentum
 * (Sutskever et al. 2013; p' = p − rate · (g + μu')).
 */
export function sgd({ momentum, nesterov }: SgdOptions): Optimizer {
  return {
    slots: momentum === 0 ? [] : ['sgd.velocity'],
    scalars: ['sgd.rate'],
    build(graph, { parameters, gradient, slots: [velocity], scalars: [rate], decay }) {
      const accumulate = graph.scalar(momentum);
      const moved = velocity && graph.op('Add', [graph.op('Mul', [velocity, accumulate]), gradient]);
      const ahead = moved && nesterov ? graph.op('Add', [graph.op('Mul', [moved, accumulate]), gradient]) : moved;
      const kept = decay ? graph.op('Mul', [parameters, decay]) : parameters;
      return {
        parameters: graph.op('Sub', [kept, graph.op('Mul', [ahead ?? gradient, rate])]),
        slots: moved ? [moved] : [],
      };
    },
    scalarsAt: ({ learningRate }) => [learningRate],
  };
}
