import type { SoftTreeNode, SoftTreeReport } from '../../report/trees/softTreeReport.ts';
import type { SoftTreeTraffic } from './measureSoftTree.ts';
import { leavesBelow } from '../../report/drawings/softTree/nodes.ts';
import { rounded } from './rounded.ts';

/** Filters with more weights than this, all together, are left out: they would make a text of about 50 MB. */
const mostWeights = 5_000_000;

export interface SoftTreeParts {
  readonly predict: SoftTreeReport['predict'];
  readonly classes: readonly string[];
  readonly sampleShape: readonly number[];
  readonly features: SoftTreeReport['features'];
  readonly samples: number;
  /** Weights of the inner nodes [nodes, features]. */
  readonly filters: Float32Array;
  /** [nodes] */
  readonly biases: Float32Array;
  readonly traffic: SoftTreeTraffic;
}

/** Puts `tree.json` together: the nodes of a tree with what passes each, summed up from the leaves. */
export function describeSoftTree(parts: SoftTreeParts): SoftTreeReport {
  const { filters, biases, traffic, ...said } = parts;
  const { leaves, paths } = traffic;
  const width = filters.length / biases.length;
  const below = (node: number, figure: 'samples' | 'probability'): number =>
    leavesBelow({ leaves }, node).reduce((sum, leaf) => sum + leaf[figure], 0);
  const nodes = Array.from(biases, (bias, node): SoftTreeNode => {
    const probability = below(node, 'probability');
    return {
      weights:
        filters.length > mostWeights ? null : Array.from(filters.subarray(node * width, (node + 1) * width), rounded),
      bias: rounded(bias),
      samples: below(node, 'samples'),
      probability: rounded(probability),
      right: probability > 0 ? rounded(below(2 * node + 2, 'probability') / probability) : 0.5,
    };
  });
  return { version: 1, depth: Math.log2(leaves.length), ...said, nodes, leaves, paths };
}
