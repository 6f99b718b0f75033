import type { Rewrite } from '../../../onnx/copy.ts';
import { int, type Graph } from '../../../onnx/graph.ts';
import type { Node } from '../../../onnx/node.ts';
import { dataTypeCode } from '../../../onnx/tensorProto.ts';
import { castTo } from '../../precision/castTo.ts';

/**
 * Adds up numbers of half precision in float32, the gradients of biases for one: in float16 a sum loses what is small beside it,
 * and overflows at 65504. ONNX Runtime's CPU provider cannot scatter and add in float16 at all.
 */
export function sumHalves(graph: Graph): Rewrite {
  return (node, inputs) => {
    const [output] = node.outputs;
    if (!output || inputs[0]?.type !== 'float16' || !addsUp(node)) return undefined;
    const read = inputs.map((input) => (input?.type === 'float16' ? castTo(graph, input, 'float32') : input));
    const sum = graph.op(node.operator, read, node.attributes);
    return [graph.op('Cast', [sum], { to: int(dataTypeCode('float16')) }, { outputs: [output.name] })];
  };
}

function addsUp({ domain, operator, attributes: { reduction } }: Node): boolean {
  if (domain !== '') return false;
  const scatters = operator === 'ScatterElements' || operator === 'ScatterND';
  return operator === 'ReduceSum' || operator === 'ReduceMean' || (scatters && reduction !== undefined);
}
