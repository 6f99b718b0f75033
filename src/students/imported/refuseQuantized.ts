import { DistilleryError } from '../../errors.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Node } from '../../onnx/node.ts';

/** Operators through which no gradient goes, or whose weights are whole numbers. */
const QUANTIZED: ReadonlySet<string> = new Set([
  'QuantizeLinear',
  'DequantizeLinear',
  'DynamicQuantizeLinear',
  'ConvInteger',
  'MatMulInteger',
  'QLinearConv',
  'QLinearMatMul',
]);

/**
 * Refuses to train what is left of a quantised network, of which hardly anything would change: rounded activations let no gradient through, and
 * weights of whole numbers are no weights that an optimizer could move.
 *
 * @throws DistilleryError `UNSUPPORTED` naming the first node of its kind
 */
export function refuseQuantized(graph: Graph): void {
  refuseBlocked(graph);
  const found = graph.nodes.filter(({ operator }) => QUANTIZED.has(operator));
  const [first] = found;
  if (!first) return;
  throw new DistilleryError(
    'UNSUPPORTED',
    `The model is quantised (${found.length} nodes such as '${first.name}', ${first.operator}), and what computes in whole ` +
      `numbers cannot be trained${describeWeights(graph, found)}.`,
    {
      hint: 'Train the float32 model that it was made from, and let Distillery quantise it afterwards (`quantization`).',
    },
  );
}

/** Refuses what ONNX Runtime wrote for one kind of processor, with channels in blocks. */
function refuseBlocked({ nodes }: Graph): void {
  const found = nodes.filter(({ domain }) => domain === 'com.microsoft.nchwc');
  const [first] = found;
  if (!first) return;
  throw new DistilleryError(
    'UNSUPPORTED',
    `The model was optimised by ONNX Runtime for one kind of processor (${found.length} nodes such as '${first.name}', ${first.domain}.${first.operator}), ` +
      'and cannot be trained in that form.',
    { hint: 'Take the model that it was made from, or one optimised at the level "extended".' },
  );
}

/** How much of the network that concerns. */
function describeWeights({ initializers }: Graph, nodes: readonly Node[]): string {
  const whole = nodes.flatMap(({ inputs }) =>
    inputs.flatMap((input) => {
      const tensor = input && initializers.get(input.name);
      return tensor && !tensor.type.startsWith('float') && tensor.data.length > 1 ? [tensor.data.length] : [];
    }),
  );
  const count = whole.reduce((sum, elements) => sum + elements, 0);
  return count === 0 ? '' : `: ${count} of its weights are whole numbers`;
}
