import { BadInputError, type Problem } from '../errors.ts';
import type { Graph } from '../onnx/graph.ts';
import { weightsOfLastLayers } from './lastLayers.ts';
import { matchesWildcards } from './matchWildcards.ts';

/** Which weights of a model are trained; in patterns `*` stands for any characters and `?` for one. */
export interface WeightSelection {
  /** Only these are trained; by default all. */
  readonly train?: readonly string[] | undefined;
  /** These are not, whatever `train` says. */
  readonly freeze?: readonly string[] | undefined;
  /** Of what `train` and `freeze` leave, only the weights of this many layers at the end are. */
  readonly lastLayers?: number | undefined;
}

/**
 * Chooses weights by patterns and by their place. A pattern matches a weight's name or the name of a node that reads it,
 * since exporters keep the layer's name in one or the other.
 *
 * @returns the chosen ones of `weights`, in their order
 * @throws BadInputError at `train[…]`, `freeze[…]` and `lastLayers`, when a pattern matches nothing, there are fewer layers,
 *   or nothing is left to train
 */
export function selectWeights(
  graph: Graph,
  weights: readonly string[],
  { train, freeze, lastLayers }: WeightSelection,
): ReadonlySet<string> {
  const readers = new Map<string, string[]>(weights.map((name) => [name, [name]]));
  for (const node of graph.nodes) for (const input of node.inputs) if (input) readers.get(input.name)?.push(node.name);
  const problems: Problem[] = [];
  const matching = (field: string, patterns: readonly string[]): Set<string> => {
    const matched = new Set<string>();
    patterns.forEach((pattern, index) => {
      const hits = weights.filter((name) => readers.get(name)?.some((alias) => matchesWildcards(pattern, alias)));
      if (hits.length === 0) {
        problems.push({
          where: `${field}[${index}]`,
          message: `'${pattern}' matches no weight and no node of the model.`,
          hint: `Weights are ${weights.slice(0, 5).join(', ')}${weights.length > 5 ? ', …' : ''}; nodes can be named too.`,
        });
      }
      for (const hit of hits) matched.add(hit);
    });
    return matched;
  };
  const wanted = train ? matching('train', train) : new Set(weights);
  const frozen = matching('freeze', freeze ?? []);
  const last = lastLayers === undefined ? undefined : weightsOfLastLayers(graph, weights, lastLayers, problems);
  const chosen = new Set(weights.filter((name) => wanted.has(name) && !frozen.has(name) && (last?.has(name) ?? true)));
  if (problems.length === 0 && chosen.size === 0) {
    problems.push({
      where: 'freeze',
      message: 'Every weight is frozen, so nothing would be trained.',
      hint: 'Leave at least the last layer to be trained.',
    });
  }
  if (problems.length > 0) throw new BadInputError(problems);
  return chosen;
}
