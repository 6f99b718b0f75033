import type { Graph, Value } from '../../onnx/graph.ts';
import type { Optimizer } from './optimizer.ts';

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/**
 * Adam (Kingma & Ba, arXiv 1412.6980) with decoupled weight decay (arXiv 1711.05101).
 *
 * The moments are stored undivided (M = m / (1 − β₁), V = v / (1 − β₂)) and the bias corrections are folded into the two
 * scalars that the host computes for every step, which leaves ten element-wise operators on the flat vector:
 * M' = β₁M + g, V' = β₂V + g², p' = p − rate · M' / (√V' + ε').
 */
export const adam: Optimizer = {
  slots: ['adam.first', 'adam.second'],
  scalars: ['adam.rate', 'adam.epsilon'],
  build(graph: Graph, { parameters, gradient, slots, scalars, decay }) {
    const [first, second] = slots;
    const [rate, epsilon] = scalars;
    const newFirst = graph.op('Add', [graph.op('Mul', [first, graph.scalar(BETA1)]), gradient]);
    const newSecond = graph.op('Add', [
      graph.op('Mul', [second, graph.scalar(BETA2)]),
      graph.op('Mul', [gradient, gradient]),
    ]);
    const denominator = graph.op('Add', [graph.op('Sqrt', [newSecond]), epsilon]);
    const update = graph.op('Mul', [graph.op('Div', [newFirst, denominator]), rate]);
    const kept: Value = decay ? graph.op('Mul', [parameters, decay]) : parameters;
    return { parameters: graph.op('Sub', [kept, update]), slots: [newFirst, newSecond] };
  },
  scalarsAt({ learningRate, step }) {
    const correction1 = (1 - BETA1) / (1 - BETA1 ** step);
    const correction2 = Math.sqrt((1 - BETA2) / (1 - BETA2 ** step));
    return [(learningRate * correction1) / correction2, EPSILON / correction2];
  },
};
