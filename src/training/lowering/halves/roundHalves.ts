import { copyNode, type Rewrite } from '../../../onnx/copy.ts';
import { type Graph, dimensionsOf } from '../../../onnx/graph.ts';

/** Operators that hand numbers on as they are, and for which ONNX Runtime's CPU provider has kernels of float16. */
const carrying: ReadonlySet<string> = new Set(['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Identity', 'Transpose']);

/**
 * Makes ONNX Runtime's CPU provider round where a device with float16 does. It has few kernels of float16: it computes in float32 between casts,
 * and takes out every pair of casts to float16 and back, so that nothing would ever be rounded, nor overflow. A Reshape to the same
 * shape, for which it has a kernel, keeps them apart.
 */
export function roundHalves(graph: Graph): Rewrite {
  return (node, inputs) => {
    const [output, ...others] = node.outputs;
    if (carrying.has(node.operator) || output?.type !== 'float16') return undefined;
    const name = graph.freshName(output.name);
    const [computed, ...rest] = copyNode(
      graph,
      { ...node, name, outputs: [{ ...output, name }, ...others] },
      inputs,
      '',
    );
    if (!computed) return undefined;
    const shape = graph.integers(dimensionsOf(computed));
    return [graph.op('Reshape', [computed, shape], {}, { outputs: [output.name] }), ...rest];
  };
}
