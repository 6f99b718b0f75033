import type { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { buildClipFactor } from './clipping.ts';
import type { LossScale } from '../precision/lossScale.ts';
import { buildJointNorm } from './squaredNorm.ts';

/** What follows from the norm of all gradients together. */
export interface GradientFactor {
  /** What the gradients are multiplied by before the update; undefined where they are left alone. */
  readonly factor: Value | undefined;
  /** Whether the step is taken, a boolean; undefined where every step is. */
  readonly isGood: Value | undefined;
}

/**
 * Adds nodes that take the loss's scale out of the gradients again and bring their norm down to `clipNorm`.
 * @param gradients of all weights, float32, each in its own shape
 */
export function buildGradientFactor(
  graph: Graph,
  gradients: readonly Value[],
  { clipNorm, lossScale }: { readonly clipNorm: number | undefined; readonly lossScale: LossScale | undefined },
): GradientFactor {
  if (clipNorm === undefined && !lossScale) return { factor: undefined, isGood: undefined };
  const grown = buildJointNorm(graph, gradients);
  const norm = lossScale ? lossScale.unscaled(grown) : grown;
  const clip = clipNorm === undefined ? undefined : buildClipFactor(graph, norm, clipNorm);
  return {
    factor: lossScale ? lossScale.unscaled(clip ?? graph.scalar(1)) : clip,
    isGood: lossScale?.isGood(grown),
  };
}
