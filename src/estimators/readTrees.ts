import { DistilleryError } from '../errors.ts';
import type { Graph } from '../onnx/graph.ts';
import type { Attribute } from '../onnx/node.ts';
import { ML_DOMAIN } from './appendTrees.ts';
import type { Tree } from './tree/tree.ts';

/**
 * The only tree of a graph, as `appendTrees` writes it. What a file does not have, the training rows of its nodes, is 0.
 * @throws DistilleryError `INTERNAL` when there is none
 */
export function readTree(graph: Graph): Tree {
  const node = graph.nodes.find(({ domain, operator }) => domain === ML_DOMAIN && operator === 'TreeEnsembleRegressor');
  if (!node) throw new DistilleryError('INTERNAL', 'The model holds no tree.');
  const listed = (name: string): readonly number[] => numbersOf(node.attributes[name]);
  const modes = node.attributes['nodes_modes'];
  const isLeaf = modes?.kind === 'strings' ? modes.value.map((mode) => mode === 'LEAF') : [];
  const width = node.attributes['n_targets']?.kind === 'int' ? node.attributes['n_targets'].value : 1;
  const count = isLeaf.length;
  const below = (name: string): Int32Array => Int32Array.from(listed(name), (each, at) => (isLeaf[at] ? -1 : each));
  const values = new Float64Array(count * width);
  const [leaves, ids, weights] = [listed('target_nodeids'), listed('target_ids'), listed('target_weights')];
  leaves.forEach((leaf, index) => {
    values[leaf * width + (ids[index] ?? 0)] = weights[index] ?? 0;
  });
  return {
    feature: below('nodes_featureids'),
    threshold: Float32Array.from(listed('nodes_values')),
    left: below('nodes_truenodeids'),
    right: below('nodes_falsenodeids'),
    width,
    values,
    rows: new Int32Array(count),
    weight: new Float64Array(count),
    impurity: new Float64Array(count),
  };
}

function numbersOf(attribute: Attribute | undefined): readonly number[] {
  return attribute?.kind === 'ints' || attribute?.kind === 'floats' ? attribute.value : [];
}
