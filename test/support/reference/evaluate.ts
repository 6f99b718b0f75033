import type { Graph } from '../../../src/onnx/graph.ts';
import type { Node } from '../../../src/onnx/node.ts';
import { toNumbers } from '../../../src/onnx/tensor.ts';
import { arrayOf, type NumberArray } from './array.ts';
import { convolutionOperators } from './convolution.ts';
import { elementwiseOperators } from './elementwise.ts';
import { indexingOperators } from './indexing.ts';
import { layoutOperators } from './layout.ts';
import { matrixOperators } from './matrix.ts';
import { normalizationOperators } from './normalization.ts';
import type { Operator } from './operator.ts';
import { poolingOperators } from './pooling.ts';
import { recurrentOperators } from './recurrent.ts';
import { reductionOperators } from './reduction.ts';
import { resizeOperators } from './resize.ts';

const operators: ReadonlyMap<string, Operator> = new Map(
  Object.entries({
    ...convolutionOperators,
    ...elementwiseOperators,
    ...indexingOperators,
    ...layoutOperators,
    ...matrixOperators,
    ...normalizationOperators,
    ...poolingOperators,
    ...recurrentOperators,
    ...reductionOperators,
    ...resizeOperators,
  }),
);

/**
 * Evaluates a graph in double precision, whatever its types are: the reference that the engine is compared with.
 * Written from the ONNX specification, one plain loop per operator, and sharing no code with the engine.
 * @param nodes those to evaluate; all of the graph by default
 * @returns every value by name
 */
export function evaluate(
  graph: Graph,
  inputs: ReadonlyMap<string, NumberArray>,
  nodes: readonly Node[] = graph.nodes,
): Map<string, NumberArray> {
  const values = new Map(inputs);
  for (const [name, tensor] of graph.initializers) {
    if (!values.has(name)) values.set(name, arrayOf(tensor.shape, toNumbers(tensor)));
  }
  for (const node of nodes) {
    const key = node.domain === '' ? node.operator : `${node.domain}.${node.operator}`;
    const operator = operators.get(key);
    if (!operator) throw new Error(`The reference has no operator ${key}.`);
    const results = operator(
      node.inputs.map((input) => input && values.get(input.name)),
      node,
    );
    node.outputs.forEach((output, index) => {
      if (!output) return;
      const result = results[index];
      if (!result) throw new Error(`The reference's ${key} makes no output ${index}.`);
      if (result.shape.join() !== output.shape.join()) {
        throw new Error(`${key} '${node.name}': inferred [${output.shape.join()}], computed [${result.shape.join()}].`);
      }
      values.set(output.name, result);
    });
  }
  return values;
}
