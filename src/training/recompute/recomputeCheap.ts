import { copyNode, rewriteGraph } from '../../onnx/copy.ts';
import { operatorKey } from '../../autodiff/registry.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';
import { delayed, zeroFrom } from './delayed.ts';
import { forwardLength, sizeOf } from './divideForward.ts';

/** Operators that take about as long as reading what they make. */
const cheap = new Set([
  'Gelu',
  'com.microsoft.Gelu',
  'com.microsoft.QuickGelu',
  'HardSwish',
  'LayerNormalization',
  'Mish',
  'Mul',
  'Softplus',
  'Softsign',
  'Swish',
]);

/**
 * A copy of a training step that computes the outputs of cheap operators again for the backward pass where it keeps all their inputs anyway, as
 * gradients of such activations and normalisations read them: half as much is kept of these. Results are the same.
 *
 * @param loss name of the output that ends the forward pass
 */
export function recomputeCheap(source: Graph, loss: string): Graph {
  const forward = forwardLength(source, loss);
  const forgotten = forgottenNodes(source, forward);
  if (forgotten.size === 0) return source;
  const backward = new Set(source.nodes.slice(forward).map(({ name }) => name));
  return rewriteGraph(source, (target) => {
    const again = new Map<string, Value>();
    /** The latest value of the backward pass. */
    let latest: Value | undefined;
    const valueFor = (value: Value): Value => {
      const node = forgotten.get(value.name);
      if (!node || !latest) return target.value(value.name);
      const existing = again.get(value.name);
      if (existing) return existing;
      const [first, ...others] = node.inputs.map((input) => input && valueFor(input));
      const inputs = [first && delayed(target, first, zeroFrom(target, latest)), ...others];
      const made = target.op(node.operator, inputs, node.attributes, { domain: node.domain });
      again.set(value.name, made);
      return made;
    };
    return (node, inputs) => {
      if (!backward.has(node.name)) return undefined;
      const outputs = copyNode(
        target,
        node,
        inputs.map((input) => input && valueFor(input)),
        '',
      );
      for (const output of outputs) if (output?.type === 'float32' && output.shape.length > 0) latest = output;
      return outputs;
    };
  });
}

/** The nodes of the forward pass whose output the backward pass does not keep, by its name. */
function forgottenNodes(graph: Graph, forward: number): ReadonlyMap<string, Node> {
  const kept = new Set(
    graph.nodes.slice(forward).flatMap((node) => node.inputs.flatMap((input) => (input ? [input.name] : []))),
  );
  const isThere = (value: Value): boolean => kept.has(value.name) || graph.producer(value) === undefined;
  return new Map(
    graph.nodes.slice(0, forward).flatMap((node) => {
      const [output, ...others] = node.outputs;
      if (!output || others.length > 0 || !cheap.has(operatorKey(node))) return [];
      if (output.type !== 'float32' || sizeOf(output) === 0 || !kept.has(output.name)) return [];
      return node.inputs.every((input) => !input || isThere(input)) ? [[output.name, node] as const] : [];
    }),
  );
}
