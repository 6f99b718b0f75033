import { floatOf, intOf } from './attributes.ts';
import { float, int, type Graph } from './graph.ts';
import type { Node, Value } from './node.ts';
import { OWN_DOMAIN } from './ownOperators.ts';

/** Which integers there are, and where their scale comes from. */
export interface FakeQuantization {
  /** The smallest and the largest integer, the zero point subtracted. */
  readonly lowest: number;
  readonly highest: number;
  /**
   * `learned`: values beyond the integers become the nearest of them, and the scale has a gradient. `observed`: the scale covers all the
   * values, as it is computed from them, and is a constant to the gradient.
   */
  readonly scale: 'learned' | 'observed';
  /** What the gradient with respect to the scale is multiplied by; by default 1. */
  readonly gradientFactor?: number;
}

/**
 * Adds a node that computes clamp(round(x / scale), lowest, highest) · scale, ties to even: floats as QuantizeLinear and DequantizeLinear
 * leave them (arXiv 1712.05877). Sessions get it as ordinary operators; see `lowerFakeQuantization`.
 *
 * @param scale of a shape that x can be divided by
 */
export function fakeQuantize(graph: Graph, x: Value, scale: Value, options: FakeQuantization): Value {
  const { lowest, highest, scale: origin, gradientFactor = 1 } = options;
  const attributes = {
    lowest: float(lowest),
    highest: float(highest),
    learned: int(origin === 'learned' ? 1 : 0),
    gradientFactor: float(gradientFactor),
  };
  return graph.op('FakeQuantize', [x, scale], attributes, { domain: OWN_DOMAIN });
}

/** What `fakeQuantize` was told, read from its node. */
export function fakeQuantizationOf(node: Pick<Node, 'attributes'>): Required<FakeQuantization> {
  return {
    lowest: floatOf(node, 'lowest', NaN),
    highest: floatOf(node, 'highest', NaN),
    scale: intOf(node, 'learned', 0) === 1 ? 'learned' : 'observed',
    gradientFactor: floatOf(node, 'gradientFactor', 1),
  };
}
