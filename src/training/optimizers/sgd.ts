import type { Optimizer } from './optimizer.ts';

/** Stochastic gradient descent with momentum as PyTorch has it: u' = μu + g, p' = p − rate · u'. */
export function sgd(momentum: number): Optimizer {
  return {
    slots: momentum === 0 ? [] : ['sgd.velocity'],
    scalars: ['sgd.rate'],
    build(graph, { parameters, gradient, slots: [velocity], scalars: [rate], decay }) {
      const direction = velocity
        ? graph.op('Add', [graph.op('Mul', [velocity, graph.scalar(momentum)]), gradient])
        : gradient;
      const kept = decay ? graph.op('Mul', [parameters, decay]) : parameters;
      return {
        parameters: graph.op('Sub', [kept, graph.op('Mul', [direction, rate])]),
        slots: velocity ? [direction] : [],
      };
    },
    scalarsAt: ({ learningRate }) => [learningRate],
  };
}
