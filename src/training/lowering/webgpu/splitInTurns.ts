import type { Rewrite } from '../../../onnx/copy.ts';
import type { Graph } from '../../../onnx/graph.ts';
import type { Value } from '../../../onnx/node.ts';

/** Every device binds 8 buffers to a shader, of which one is what is split. */
const MOST = 7;

/**
 * Cuts a value into many parts in turns, into a few that are cut further. ONNX Runtime's WebGPU provider binds every output of `Split` to one
 * shader, which devices refuse: a network of a dozen weights could not be trained.
 */
export function splitInTurns(graph: Graph): Rewrite {
  return (node, [value]) => {
    const { operator, domain, outputs, attributes } = node;
    if (operator !== 'Split' || domain !== '' || outputs.length <= MOST || !value) return undefined;
    const given = attributes['axis'];
    const axis = given?.kind === 'int' ? given.value : 0;
    const sizeOf = (part: Value | undefined): number => Number(part?.shape.at(axis) ?? NaN);
    if (outputs.some((part) => !Number.isInteger(sizeOf(part)))) return undefined;
    const split = (whole: Value, parts: readonly (Value | undefined)[]): readonly (Value | undefined)[] => {
      const each = Math.ceil(parts.length / MOST);
      const groups = Array.from({ length: Math.ceil(parts.length / each) }, (_, index) =>
        parts.slice(index * each, (index + 1) * each),
      );
      const sizes = groups.map((group) => group.reduce((sum, part) => sum + sizeOf(part), 0));
      const names = groups.map(([part, other]) => (part && !other ? part.name : graph.freshName('split')));
      const cut = graph.node('Split', [whole, graph.integers(sizes)], { attributes, outputs: names });
      return groups.flatMap((group, index) => {
        const found = cut[index];
        return group.length === 1 || !found ? [found] : split(found, group);
      });
    };
    return split(value, outputs);
  };
}
