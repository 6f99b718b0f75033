import type { Value } from '../../onnx/graph.ts';
import { inputOf } from '../../onnx/attributes.ts';
import type { GradientContext, GradientRule } from '../rule.ts';

/** Builds g · f′(x) from the gradient, the input and the output. */
const activation =
  (build: (context: GradientContext, gradient: Value, x: Value, y: Value) => Value): GradientRule =>
  (context) => {
    const [gradient] = context.outputGradients;
    const [y] = context.node.outputs;
    if (!gradient || !y) return [];
    return [build(context, gradient, inputOf(context.node, 0), y)];
  };

/** g where x > 0; the subgradient at 0 is 0, as PyTorch and TensorFlow have it. */
const relu = activation(({ graph }, g, _x, y) =>
  graph.op('Where', [graph.op('Greater', [y, graph.scalar(0, y)]), g, graph.scalar(0, g)]),
);

/** y · (1 − y) · g. */
const sigmoid = activation(({ graph }, g, _x, y) =>
  graph.op('Mul', [g, graph.op('Mul', [y, graph.op('Sub', [graph.scalar(1, y), y])])]),
);

/** (1 − y²) · g. */
const tanh = activation(({ graph }, g, _x, y) =>
  graph.op('Mul', [g, graph.op('Sub', [graph.scalar(1, y), graph.op('Mul', [y, y])])]),
);

export const activationRules: Readonly<Record<string, GradientRule>> = {
  Identity: activation((_context, g) => g),
  Relu: relu,
  Sigmoid: sigmoid,
  Tanh: tanh,
};
