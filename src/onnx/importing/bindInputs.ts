import { DistilleryError } from '../../errors.ts';
import { copyGraph } from '../copy.ts';
import { Graph } from '../graph.ts';
import type { Value } from '../node.ts';
import { pruneGraph } from '../prune.ts';

/**
 * A graph that computes shapes from its batch, for inputs of known shapes: these computations are done, and what they gave
 * are constants. A graph that computes none comes back as it is. Names stay.
 *
 * @param inputs values with the types and shapes of the inputs, by the names of the inputs
 */
export function bindInputs(source: Graph, inputs: ReadonlyMap<string, Value>): Graph {
  if (!source.nodes.some(({ operator }) => operator === 'Shape' || operator === 'Size')) return source;
  const bound = new Graph();
  bound.reserve(source.names);
  const bindings = new Map(
    source.inputs.map(({ name, type, shape }) => [name, bound.input(name, type, inputs.get(name)?.shape ?? shape)]),
  );
  const copies = copyGraph(bound, source, { bindings, prefix: '' });
  for (const { name } of source.outputs) {
    const copy = copies.get(name);
    if (!copy) throw new DistilleryError('INTERNAL', `The copy lost the output '${name}'.`);
    bound.output(copy);
  }
  return pruneGraph(bound);
}
