import { DistilleryError } from '../../../errors.ts';
import type { Graph } from '../../../onnx/graph.ts';
import { NodeCall, type Mode } from './nodeCall.ts';
import { operations } from './operations.ts';
import type { Tensor, TensorFlow } from './tensorflow.ts';

/**
 * Computes a graph's first output with TensorFlow's operators, node by node.
 *
 * @param given tensors of the graph's inputs and of those initializers that are weights
 * @throws DistilleryError `UNSUPPORTED` when an operator is missing
 */
export function interpretGraph(tf: TensorFlow, graph: Graph, given: ReadonlyMap<string, Tensor>, mode: Mode): Tensor {
  const tensors = new Map(given);
  for (const node of graph.nodes) {
    const [first] = node.outputs;
    if (first && first.type !== 'float32' && graph.known.has(first.name)) continue;
    const operation = node.domain === '' ? operations[node.operator] : undefined;
    if (!operation) {
      throw new DistilleryError(
        'UNSUPPORTED',
        `Node '${node.name}': the TensorFlow engine has no operator ${node.operator}.`,
      );
    }
    const results = [operation(new NodeCall(tf, graph, node, tensors, mode))].flat();
    node.outputs.forEach((output, index) => {
      const result = results[index];
      if (output && result) tensors.set(output.name, result);
    });
  }
  const [output] = graph.outputs;
  const result = output && tensors.get(output.name);
  if (!result) throw new DistilleryError('BAD_FILE', 'The student has no output.');
  return result;
}
