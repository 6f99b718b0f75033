import { inputOf } from '../../onnx/attributes.ts';
import { fakeQuantizationOf } from '../../onnx/fakeQuantize.ts';
import { FAKE_QUANTIZE } from '../../onnx/ownOperators.ts';
import { sumToShape } from '../broadcast.ts';
import { formula } from '../formula.ts';
import { firstOutputGradient, type GradientRule } from '../rule.ts';

/**
 * The straight-through gradient (arXiv 1308.3432): rounding is taken for the identity. With q = round(x / s), dx = g where q is one of the
 * integers and 0 where it is clamped; ds = Σ g · (q − x / s), and where it is clamped Σ g · (the integer it is clamped to), times the factor
 * (learned step size, arXiv 1902.08153). A scale that was observed is a constant that covers all the values, so dx = g.
 */
const fakeQuantization: GradientRule = (context) => {
  const { graph, node, needs } = context;
  const { mul, sub, div, min, max, isGreater, isLess } = formula(graph);
  const g = firstOutputGradient(context);
  const { lowest, highest, scale: origin, gradientFactor } = fakeQuantizationOf(node);
  if (origin === 'observed') return [needs(0) ? g : undefined];
  const [x, scale] = [inputOf(node, 0), inputOf(node, 1)];
  const ratio = div(x, scale);
  const rounded = graph.op('Round', [ratio]);
  // The rounded numbers are whole, so that a half on either side is beyond doubt.
  const isInside = mul(isGreater(rounded, lowest - 0.5), isLess(rounded, highest + 0.5));
  const scaleGradient = () => {
    const slope = sub(min(max(rounded, lowest), highest), mul(isInside, ratio));
    return mul(sumToShape(graph, mul(g, slope), scale), gradientFactor);
  };
  return [needs(0) ? mul(g, isInside) : undefined, needs(1) ? scaleGradient() : undefined];
};

export const fakeQuantizationRules: Readonly<Record<string, GradientRule>> = { [FAKE_QUANTIZE]: fakeQuantization };
