import { numericShape, type Inferred, type NodeSketch } from '../shapes/rule.ts';
import { elementCount, type Tensor } from '../tensor.ts';
import { arithmeticEvaluators } from './arithmetic.ts';
import { arrangementEvaluators } from './arrangement.ts';
import { creationEvaluators } from './creation.ts';
import type { Evaluator } from './evaluator.ts';
import { productEvaluators } from './product.ts';
import { reductionEvaluators } from './reduction.ts';
import { tensorOf } from './tensorOf.ts';

const evaluators: ReadonlyMap<string, Evaluator> = new Map(
  Object.entries({
    ...arithmeticEvaluators,
    ...arrangementEvaluators,
    ...creationEvaluators,
    ...productEvaluators,
    ...reductionEvaluators,
  }),
);

/** Most elements that are computed here: enough for any computation of shapes, indices and small masks. */
const LARGEST_RESULT = 4096;

/**
 * Computes the one output of a standard node whose inputs are known: what exporters write to compute shapes.
 * @param result type and shape of the output
 * @param most elements that it may have
 * @returns undefined when an input is not known, the operator is not one of these, or the result is large
 */
export function evaluateNode(
  node: NodeSketch,
  result: Inferred,
  known: (index: number) => Tensor | undefined,
  most = LARGEST_RESULT,
): Tensor | undefined {
  const evaluator = node.domain === '' ? evaluators.get(node.operator) : undefined;
  const shape = numericShape(result.shape);
  if (!evaluator || !shape || elementCount(shape) > most) return undefined;
  if (result.type === 'string' || result.type === 'float16') return undefined;
  const inputs = node.inputs.map((input, index) => input && known(index));
  if (node.inputs.some((input, index) => input && !inputs[index])) return undefined;
  const numbers = evaluator({ node, inputs, shape, type: result.type });
  // An integer division by zero is left to the runtime.
  if (!result.type.startsWith('float') && numbers.some((value) => Number.isNaN(value))) return undefined;
  return tensorOf(result.type, numbers, shape);
}
