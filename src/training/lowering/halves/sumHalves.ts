import type { Rewrite } from '../../../onnx/copy.ts';
import { int, type Graph } from '../../../onnx/graph.ts';
import { dataTypeCode } from '../../../onnx/tensorProto.ts';
import { castTo } from '../../precision/castTo.ts';

/**
 * Adds up numbers of half precision in float32, the gradients of biases for one: in float16 a sum loses what is small beside it,
 * and overflows at 65504.
 */
export function sumHalves(graph: Graph): Rewrite {
  return (node, [terms, axes]) => {
    if (node.domain !== '' || !sums.has(node.operator) || terms?.type !== 'float16') return undefined;
    const sum = graph.op(node.operator, [castTo(graph, terms, 'float32'), axes], node.attributes);
    const outputs = [node.outputs[0]?.name ?? ''];
    return [graph.op('Cast', [sum], { to: int(dataTypeCode('float16')) }, { outputs })];
  };
}

const sums: ReadonlySet<string> = new Set(['ReduceSum', 'ReduceMean']);
