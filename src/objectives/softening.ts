import { formula, type Operand } from '../autodiff/formula.ts';
import { meanOver } from '../autodiff/layout.ts';
import { dimensionsOf, int, type Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';

/** How logits become a distribution. */
export interface Softening {
  /** A number, or a scalar of the graph. */
  readonly temperature: Operand;
  /** Whether every row of logits is z-scored first. */
  readonly standardize: boolean;
}

/** log softmax(z / T) of every row. @param logits [N, C] */
export function softenedLogProbabilities(graph: Graph, logits: Value, softening: Softening): Value {
  const { div } = formula(graph);
  const { temperature, standardize } = softening;
  const scaled = standardize ? standardizeRows(graph, logits) : logits;
  return graph.op('LogSoftmax', [temperature === 1 ? scaled : div(scaled, temperature)], { axis: int(-1) });
}

/** T², the factor that keeps a gradient's size independent of the temperature. */
export function squaredTemperature(graph: Graph, temperature: Operand): Operand {
  return typeof temperature === 'number' ? temperature ** 2 : formula(graph).square(temperature);
}

/** Added to the variance, so that a row of equal logits has finite gradients. */
const varianceFloor = 1e-6;

/**
 * Logit standardisation (arXiv 2403.01427): (z − mean z) / deviation of z, row by row. The deviation divides by C − 1, as the
 * authors' code does, with which their temperatures were found; the paper's text has C.
 *
 * @param logits [N, C]
 */
function standardizeRows(graph: Graph, logits: Value): Value {
  const { add, sub, mul, div, sqrt, square } = formula(graph);
  const classes = dimensionsOf(logits)[1] ?? 1;
  const centred = sub(logits, meanOver(graph, logits, [1]));
  const variance = mul(meanOver(graph, square(centred), [1]), classes / Math.max(1, classes - 1));
  return div(centred, sqrt(add(variance, varianceFloor)));
}
