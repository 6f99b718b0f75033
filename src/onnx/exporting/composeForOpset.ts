import { floatOf, inputOf, intOf, textOf } from '../attributes.ts';
import { rewriteGraph } from '../copy.ts';
import { int, type Graph } from '../graph.ts';
import type { Node, Value } from '../node.ts';

/** Builds in a graph what an operator computes, from operators of the oldest operator set that graphs are written in. */
type Composition = (graph: Graph, node: Node, x: Value) => Value;

/** Newer operators that older ones can stand for, and the operator set that brought each. */
const compositions: Readonly<Record<string, { readonly since: number; readonly compose: Composition }>> = {
  Gelu: { since: 20, compose: composeGelu },
  HardSwish: {
    since: 14,
    compose: (graph, _, x) =>
      graph.op('Mul', [
        x,
        graph.op('HardSigmoid', [x], { alpha: { kind: 'float', value: 1 / 6 }, beta: { kind: 'float', value: 0.5 } }),
      ]),
  },
  LayerNormalization: { since: 17, compose: composeLayerNormalization },
  Mish: {
    since: 18,
    compose: (graph, _, x) => graph.op('Mul', [x, graph.op('Tanh', [graph.op('Softplus', [x])])]),
  },
  Swish: {
    since: 24,
    compose: (graph, node, x) => {
      const scaled = graph.op('Mul', [x, graph.scalar(floatOf(node, 'alpha', 1))]);
      return graph.op('Mul', [x, graph.op('Sigmoid', [scaled])]);
    },
  },
};

/**
 * The graph for an operator set, with what that set does not have composed from what it has, where that is known and the numbers are
 * float32. The graph itself where nothing is to be composed.
 */
export function composeForOpset(graph: Graph, opset: number): Graph {
  const compositionOf = (node: Node): Composition | undefined => {
    const found = node.domain === '' ? compositions[node.operator] : undefined;
    const [first, ...others] = node.outputs;
    const isUsual = first?.type === 'float32' && others.every((output) => output === undefined);
    return found && found.since > opset && isUsual ? found.compose : undefined;
  };
  if (!graph.nodes.some((node) => compositionOf(node))) return graph;
  return rewriteGraph(graph, (target) => (node, inputs) => {
    const [output] = node.outputs;
    const copied = { ...node, inputs };
    const result = compositionOf(node)?.(target, copied, inputOf(copied, 0));
    return result && [target.op('Identity', [result], {}, { name: node.name, outputs: [output?.name ?? ''] })];
  });
}

/** x · Φ(x), or its approximation by tanh (Hendrycks and Gimpel, arXiv 1606.08415). */
function composeGelu(graph: Graph, node: Node, x: Value): Value {
  const times = (value: Value, factor: number): Value => graph.op('Mul', [value, graph.scalar(factor)]);
  const isApproximate = textOf(node, 'approximate', 'none') === 'tanh';
  const cubic = (): Value => graph.op('Add', [x, times(graph.op('Mul', [x, graph.op('Mul', [x, x])]), 0.044715)]);
  const bent = isApproximate
    ? graph.op('Tanh', [times(cubic(), Math.sqrt(2 / Math.PI))])
    : graph.op('Erf', [times(x, Math.SQRT1_2)]);
  return graph.op('Mul', [times(x, 0.5), graph.op('Add', [bent, graph.scalar(1)])]);
}

/** (x − mean) / √(variance + ε) · scale + bias over the last axes (Ba et al., arXiv 1607.06450). */
function composeLayerNormalization(graph: Graph, node: Node, x: Value): Value {
  const rank = x.shape.length;
  const axis = intOf(node, 'axis', -1);
  const axes = graph.integers(Array.from({ length: rank }, (_, index) => index).slice(axis < 0 ? axis + rank : axis));
  const meanOf = (value: Value): Value => graph.op('ReduceMean', [value, axes], { keepdims: int(1) });
  const centred = graph.op('Sub', [x, meanOf(x)]);
  const variance = meanOf(graph.op('Mul', [centred, centred]));
  const shifted = graph.op('Add', [variance, graph.scalar(floatOf(node, 'epsilon', 1e-5))]);
  const normal = graph.op('Div', [centred, graph.op('Sqrt', [shifted])]);
  const scaled = graph.op('Mul', [normal, inputOf(node, 1)]);
  const bias = node.inputs[2];
  return bias ? graph.op('Add', [scaled, bias]) : scaled;
}
