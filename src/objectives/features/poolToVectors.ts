import { type Graph, int } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';

/** One vector per sample: maps [B, C, H, W] averaged over space, [B, L, H] over positions, [B, D] as it is. */
export function poolToVectors(graph: Graph, feature: Value): Value {
  const axes = positionAxes(feature.shape.length);
  return axes.length === 0 ? feature : graph.op('ReduceMean', [feature, graph.integers(axes)], { keepdims: int(0) });
}

function positionAxes(rank: number): readonly number[] {
  return rank === 4 ? [2, 3] : rank === 3 ? [1] : [];
}
