import type { Rewrite } from '../../../onnx/copy.ts';
import { int, type Graph } from '../../../onnx/graph.ts';
import type { Node, Value } from '../../../onnx/node.ts';

/** Adds what computes the same as a node, into a value of this name. */
type Composition = (graph: Graph, node: Node, inputs: readonly Value[], name: string) => Value | undefined;

/**
 * Composes operators of float32 that ONNX Runtime's WebGPU provider leaves to the CPU: for each, every step would wait for the device and
 * for two copies.
 */
export function composeMissing(graph: Graph): Rewrite {
  return (node, given) => {
    const compose = node.domain === '' ? COMPOSITIONS[node.operator] : undefined;
    const inputs = given.filter((input) => input !== undefined);
    if (!compose || inputs.some(({ type }) => type !== 'float32')) return undefined;
    const value = compose(graph, node, inputs, node.outputs[0]?.name ?? '');
    return value && [value];
  };
}

const COMPOSITIONS: Readonly<Record<string, Composition>> = {
  // The largest value is taken off first, as ONNX Runtime's CPU provider does, so that nothing overflows.
  LogSoftmax: (graph, { attributes: { axis } }, [value], name) => {
    const axes = graph.integers([axis?.kind === 'int' ? axis.value : -1]);
    const kept = { keepdims: int(1) };
    const shifted = graph.op('Sub', [value, graph.op('ReduceMax', [value, axes], kept)]);
    const total = graph.op('ReduceSum', [graph.op('Exp', [shifted]), axes], kept);
    return graph.op('Sub', [shifted, graph.op('Log', [total])], {}, { outputs: [name] });
  },
  Sum: (graph, _node, [first, ...others], name) => {
    const last = others.pop();
    const sum = others.reduce<Value | undefined>((so, other) => graph.op('Add', [so, other]), first);
    return last && graph.op('Add', [sum, last], {}, { outputs: [name] });
  },
  Sign: (graph, _node, [value], name) => {
    const zero = graph.scalar(0);
    const negative = graph.op('Where', [graph.op('Less', [value, zero]), graph.scalar(-1), zero]);
    return graph.op('Where', [graph.op('Greater', [value, zero]), graph.scalar(1), negative], {}, { outputs: [name] });
  },
};
