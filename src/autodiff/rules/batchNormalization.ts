import { floatOf, inputOf, intOf } from '../../onnx/attributes.ts';
import type { Value } from '../../onnx/node.ts';
import { formula } from '../formula.ts';
import { reshape, sumOver } from '../layout.ts';
import { firstOutputGradient, unsupported, type GradientRule } from '../rule.ts';
import { dimensionsOf } from '../../onnx/graph.ts';

/**
 * Inference form, y = scale · (x − mean) / √(variance + ε) + bias with given statistics: an affine map per channel.
 * Training form has no kernel in ONNX Runtime's inference build; whoever trains composes it from reductions.
 */
const batchNormalization: GradientRule = (context) => {
  const { graph, node, needs } = context;
  if (intOf(node, 'training_mode', 0) === 1) throw unsupported(node, 'it is in training mode');
  const { add, div, mul, neg, sqrt, sub, square } = formula(graph);
  const g = firstOutputGradient(context);
  const x = inputOf(node, 0);
  const rank = x.shape.length;
  const others = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis !== 1);
  const perChannel = (value: Value) => reshape(graph, value, [...dimensionsOf(value), ...others.slice(1).map(() => 1)]);
  const sum = (value: Value) => sumOver(graph, value, others, false);
  const [scale, mean, variance] = [inputOf(node, 1), inputOf(node, 3), inputOf(node, 4)];
  const deviation = sqrt(add(variance, floatOf(node, 'epsilon', 1e-5)));
  const gain = div(scale, deviation);
  /** Σ g · (x − mean) / deviation per channel. */
  const correlation = () => div(sum(mul(g, sub(x, perChannel(mean)))), deviation);
  const shared = needs(1) || needs(4) ? correlation() : undefined;
  const total = needs(2) || needs(3) ? sum(g) : undefined;
  return [
    needs(0) ? mul(g, perChannel(gain)) : undefined,
    shared,
    total,
    needs(3) && total ? neg(mul(total, gain)) : undefined,
    needs(4) && shared ? mul(mul(shared, scale), div(-0.5, square(deviation))) : undefined,
  ];
};

export const batchNormalizationRules: Readonly<Record<string, GradientRule>> = {
  BatchNormalization: batchNormalization,
};
