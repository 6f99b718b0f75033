import { inputOf } from '../../onnx/attributes.ts';
import { rewriteGraph } from '../../onnx/copy.ts';
import { fakeQuantizationOf } from '../../onnx/fakeQuantize.ts';
import { FAKE_QUANTIZE } from '../../onnx/ownOperators.ts';
import type { Graph } from '../../onnx/graph.ts';
import { formula } from '../../autodiff/formula.ts';
import { operatorKey } from '../../autodiff/registry.ts';

/**
 * The graph with fake quantisation written in operators that every device has; itself where there is none. The gradient rule divides and
 * rounds in the same way, so that a runtime does both once.
 */
export function lowerFakeQuantization(graph: Graph): Graph {
  if (!graph.nodes.some((node) => operatorKey(node) === FAKE_QUANTIZE)) return graph;
  return rewriteGraph(graph, (target) => {
    const { mul, div, min, max } = formula(target);
    return (node, inputs) => {
      if (operatorKey(node) !== FAKE_QUANTIZE) return undefined;
      const [x, scale] = [inputOf({ ...node, inputs }, 0), inputOf({ ...node, inputs }, 1)];
      const { lowest, highest, scale: origin } = fakeQuantizationOf(node);
      const rounded = target.op('Round', [div(x, scale)]);
      // A scale that was observed covers all the values.
      return [mul(origin === 'learned' ? min(max(rounded, lowest), highest) : rounded, scale)];
    };
  });
}
