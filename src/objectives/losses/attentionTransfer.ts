import { formula } from '../../autodiff/formula.ts';
import { meanOver, reshape } from '../../autodiff/layout.ts';
import { dimensionsOf, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { poolMapTo } from '../features/poolMap.ts';
import { buildMse } from './mse.ts';
import { normalizeAlong } from '../normalizeAlong.ts';

/**
 * Attention transfer (arXiv 1612.03928) between two feature maps: the mean over samples and positions of (Q_s − Q_t)²,
 * Q the mean over channels of |A|ᵖ, L2-normalised per sample. This is the authors' code; the paper's text has the
 * unsquared norm. The larger map is pooled to the smaller first. Usual: p 2, weight 1000, summed over the last map of
 * every stage.
 *
 * @param student map [B, C, H, W]
 * @param teacher map [B, C', H', W']; no gradient flows into it
 * @returns a scalar
 */
export function buildAttentionTransfer(graph: Graph, student: Value, teacher: Value, power: number): Value {
  const [, , studentHeight = 1, studentWidth = 1] = dimensionsOf(student);
  const [, , teacherHeight = 1, teacherWidth = 1] = dimensionsOf(teacher);
  const height = Math.min(studentHeight, teacherHeight);
  const width = Math.min(studentWidth, teacherWidth);
  const [studentAttention, teacherAttention] = [student, teacher].map((map) =>
    attention(graph, poolMapTo(graph, map, height, width), power),
  ) as [Value, Value];
  return buildMse(graph, studentAttention, teacherAttention);
}

/** Q of every sample, [B, H · W]. */
function attention(graph: Graph, map: Value, power: number): Value {
  const { square, abs } = formula(graph);
  const [batch = 1, , height = 1, width = 1] = dimensionsOf(map);
  const powers = power === 2 ? square(map) : graph.op('Pow', [abs(map), graph.scalar(power, map)]);
  return normalizeAlong(graph, reshape(graph, meanOver(graph, powers, [1]), [batch, height * width]), 1);
}
