import { DistilleryError } from '../../errors.ts';
import { evaluateNode } from '../evaluate/evaluate.ts';
import type { Value } from '../node.ts';
import type { Tensor } from '../tensor.ts';
import { blockedRules } from './blocked.ts';
import { convolutionRules } from './convolution.ts';
import { creationRules } from './creation.ts';
import { einsumRules } from './einsum.ts';
import { elementwiseRules } from './elementwise.ts';
import { expansionRules } from './expansion.ts';
import { gatherRules } from './gather.ts';
import { layoutRules } from './layout.ts';
import { linearRules } from './linear.ts';
import { normalizationRules } from './normalization.ts';
import { pieceRules } from './concatAndSplit.ts';
import { poolingRules } from './pooling.ts';
import { quantizationRules } from './quantization.ts';
import { recurrentRules } from './recurrent.ts';
import { reductionRules } from './reduction.ts';
import { resizeRules } from './resize.ts';
import type { Inference, NodeSketch, ShapeRule } from './rule.ts';
import { selectionRules } from './selection.ts';
import { treeRules } from './trees.ts';

const rules: ReadonlyMap<string, ShapeRule> = new Map(
  Object.entries({
    ...blockedRules,
    ...convolutionRules,
    ...creationRules,
    ...einsumRules,
    ...elementwiseRules,
    ...expansionRules,
    ...gatherRules,
    ...layoutRules,
    ...linearRules,
    ...normalizationRules,
    ...pieceRules,
    ...poolingRules,
    ...quantizationRules,
    ...recurrentRules,
    ...reductionRules,
    ...resizeRules,
    ...selectionRules,
    ...treeRules,
  }),
);

/** Keys of the operators whose outputs are known by type and shape. */
export const shapedOperators: readonly string[] = [...rules.keys()];

/** Operators of models whose layers compute in whole numbers. */
const QUANTIZED = /^QLinear|^com\.microsoft\.(?:QLinear|QGemm|QAttention|DynamicQuantize|MatMulIntegerToFloat)/;

/** Domains whose operators ONNX Runtime has by itself. */
const KNOWN_DOMAINS = /^(?:|ai\.onnx|ai\.onnx\.ml|com\.microsoft(?:\.nchwc)?|com\.ms\.internal\.nhwc)$/;

/** The refusal of an operator that somebody added to ONNX Runtime. */
function ofOtherDomain({ name, operator, domain }: NodeSketch): DistilleryError {
  return new DistilleryError(
    'UNSUPPORTED',
    `Node '${name}': operator ${operator} is of the domain '${domain}', which ONNX and ONNX Runtime do not have.`,
    {
      hint: 'Export the model in the operators of ONNX alone (without custom operators or plugins), or cut it before this node.',
    },
  );
}

/**
 * Types and shapes of a node's outputs, and the contents of the only output where they follow from what is known.
 * @throws DistilleryError `UNSUPPORTED` when the operator has no rule, `BAD_FILE` when the inputs do not fit it.
 */
export function inferNode(node: NodeSketch, known: (value: Value) => Tensor | undefined): Inference {
  const key = node.domain === '' || node.domain === 'ai.onnx' ? node.operator : `${node.domain}.${node.operator}`;
  const rule = rules.get(key);
  if (!rule) {
    if (!KNOWN_DOMAINS.test(node.domain)) throw ofOtherDomain(node);
    throw new DistilleryError('UNSUPPORTED', `Node '${node.name}': the shape of operator ${key} cannot be inferred.`, {
      hint: QUANTIZED.test(key)
        ? 'It is quantised: as a teacher it can stay as it is; for all else take the float32 model that it was made from, or its QDQ form.'
        : key.startsWith('ai.onnx.ml.')
          ? 'It is no network of layers: as a teacher it can stay as it is, and a student of its kind is an architecture such as "gradient-boosting" or "linear".'
          : 'As a teacher the model can stay as it is; to train it, export it in operators of docs/operators.md.',
    });
  }
  const contents = (index: number): Tensor | undefined => {
    const value = node.inputs[index];
    return value && known(value);
  };
  const inference = rule({ node, known: contents });
  const [result] = inference.results;
  if (inference.known || !result || node.outputCount !== 1) return inference;
  const evaluated = evaluateNode(node, result, contents);
  return evaluated ? { ...inference, known: evaluated } : inference;
}
