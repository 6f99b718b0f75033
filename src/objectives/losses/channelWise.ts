import { formula, type Operand } from '../../autodiff/formula.ts';
import { reshape, sumOver } from '../../autodiff/layout.ts';
import { dimensionsOf, int, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { meanOverRows } from '../meanOverRows.ts';
import { squaredTemperature } from '../softening.ts';

/**
 * Channel-wise distillation (Shu et al., "Channel-wise knowledge distillation for dense prediction", arXiv 2011.13256): every channel of a map
 * becomes a distribution over its positions, φ = softmax over H · W of y / T, and the loss is T² · 1/(B C) Σ_b Σ_c KL(φ_t ‖ φ_s). Usual: T 4;
 * weight 50 for features, 3 for maps of logits. Where the numbers of channels differ, the student's map goes through a 1×1 convolution first
 * (features/appendRegressor.ts).
 *
 * @param student map [B, C, H, W]
 * @param teacher of the same shape; no gradient flows into it
 * @returns a scalar
 */
export function buildChannelWiseLoss(graph: Graph, student: Value, teacher: Value, temperature: Operand): Value {
  const { mul, sub, exp } = formula(graph);
  const studentLog = positions(graph, student, temperature);
  const teacherLog = positions(graph, teacher, temperature);
  const divergence = sumOver(graph, mul(exp(teacherLog), sub(teacherLog, studentLog)), [1], false);
  return mul(meanOverRows(graph, divergence), squaredTemperature(graph, temperature));
}

/** The log distribution of every channel of every sample over its positions: [B · C, H · W]. */
function positions(graph: Graph, map: Value, temperature: Operand): Value {
  const [batch = 1, channels = 1, height = 1, width = 1] = dimensionsOf(map);
  const rows = reshape(graph, map, [batch * channels, height * width]);
  return graph.op('LogSoftmax', [formula(graph).div(rows, temperature)], { axis: int(-1) });
}
