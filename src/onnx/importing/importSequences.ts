import { DistilleryError } from '../../errors.ts';
import { intOf } from '../attributes.ts';
import { int, type Graph } from '../graph.ts';
import type { Attributes, Value } from '../node.ts';
import { positiveAxis } from '../shapes/rule.ts';
import { intTensor, toNumbers } from '../tensor.ts';

/** A node that makes, changes or reads a list of tensors; its inputs are names. */
export interface SequenceNode {
  readonly name: string;
  readonly operator: string;
  readonly attributes: Attributes;
  readonly inputs: readonly string[];
  readonly output: string;
}

const operators = new Set([
  ...['SplitToSequence', 'SequenceConstruct', 'SequenceEmpty', 'SequenceInsert', 'SequenceErase'],
  ...['SequenceAt', 'SequenceLength', 'ConcatFromSequence'],
]);

/**
 * Lists of tensors, as PyTorch's exporter writes `chunk`, `split` and `unbind` where it does not optimise: which tensors each holds is known
 * without running the model, so that they become the tensors themselves.
 */
export class ImportedSequences {
  readonly #graph: Graph;
  readonly #valueOf: (name: string) => Value;
  readonly #sequences = new Map<string, readonly Value[]>();

  constructor(graph: Graph, valueOf: (name: string) => Value) {
    this.#graph = graph;
    this.#valueOf = valueOf;
  }

  /** Whether a name is that of a list. */
  has(name: string): boolean {
    return this.#sequences.has(name);
  }

  /** Whether a node is to be given to `add`. */
  knows({ domain, operator }: { readonly domain: string; readonly operator: string }): boolean {
    return domain === '' && operators.has(operator);
  }

  /**
   * @returns the tensor that the node gives; undefined where it gives a list
   * @throws DistilleryError `UNSUPPORTED` when it depends on the data which tensors there are
   */
  add(node: SequenceNode): Value | undefined {
    const { operator, inputs, output } = node;
    const values = (): Value[] => inputs.map((name) => this.#valueOf(name));
    switch (operator) {
      case 'SequenceAt':
        return this.#at(node);
      case 'SequenceLength':
        return this.#graph.constant(intTensor(this.#listOf(node).length));
      case 'ConcatFromSequence':
        return this.#concatenate(node);
      case 'SplitToSequence':
        this.#sequences.set(output, this.#split(node));
        return undefined;
      case 'SequenceConstruct':
        this.#sequences.set(output, values());
        return undefined;
      case 'SequenceEmpty':
        this.#sequences.set(output, []);
        return undefined;
      default: {
        const list = [...this.#listOf(node)];
        if (operator === 'SequenceErase') list.splice(this.#position(node, 1, list.length - 1), 1);
        else list.splice(this.#position(node, 2, list.length), 0, this.#valueOf(inputs[1] ?? ''));
        this.#sequences.set(output, list);
        return undefined;
      }
    }
  }

  #listOf(node: SequenceNode): readonly Value[] {
    const list = this.#sequences.get(node.inputs[0] ?? '');
    if (!list) throw refusal(node, 'it is not known which tensors its list holds before the model runs');
    return list;
  }

  /** @param last the place that is meant where none is given; negative ones count from behind it */
  #position(node: SequenceNode, index: number, last: number): number {
    const name = node.inputs[index] ?? '';
    if (name === '') return last;
    const value = this.#valueOf(name);
    const known = this.#graph.known.get(value.name) ?? this.#graph.initializers.get(value.name);
    const [position] = known ? toNumbers(known) : [];
    if (position === undefined) throw refusal(node, 'the place in its list is not known before the model runs');
    return position < 0 ? position + this.#listOf(node).length : position;
  }

  #at(node: SequenceNode): Value {
    const list = this.#listOf(node);
    const value = list[this.#position(node, 1, 0)];
    if (!value) throw refusal(node, `its list has ${list.length} tensors only`);
    return value;
  }

  #concatenate(node: SequenceNode): Value {
    const list = this.#listOf(node);
    const axis = intOf(node, 'axis', 0);
    const isNew = intOf(node, 'new_axis', 0) === 1;
    const pieces = isNew ? list.map((one) => this.#graph.op('Unsqueeze', [one, this.#graph.integers([axis])])) : list;
    return this.#graph.op('Concat', pieces, { axis: int(axis) }, { name: node.name });
  }

  #split(node: SequenceNode): Value[] {
    const [name = '', sizesName = ''] = node.inputs;
    const value = this.#valueOf(name);
    const axis = positiveAxis(intOf(node, 'axis', 0), value.shape.length);
    const size = value.shape[axis];
    if (typeof size !== 'number') throw refusal(node, 'the size of the axis that it splits must be known');
    const sizes = sizesName === '' ? new Array<number>(size).fill(1) : this.#sizes(node, sizesName, size);
    const outputs = this.#graph.node('Split', [value, this.#graph.integers(sizes)], {
      name: node.name,
      attributes: { axis: int(axis) },
      outputs: sizes.map(() => this.#graph.freshName(`${node.output}.part`)),
    });
    const pieces = outputs.flatMap((piece) => piece ?? []);
    if (sizesName !== '' || intOf(node, 'keepdims', 1) === 1) return pieces;
    return pieces.map((piece) => this.#graph.op('Squeeze', [piece, this.#graph.integers([axis])]));
  }

  /** A list of sizes, or one for all pieces but the last, which may be smaller. */
  #sizes(node: SequenceNode, name: string, whole: number): number[] {
    const value = this.#valueOf(name);
    const known = this.#graph.known.get(value.name) ?? this.#graph.initializers.get(value.name);
    if (!known) throw refusal(node, 'the sizes of its pieces are not known before the model runs');
    const sizes = toNumbers(known);
    if (known.shape.length > 0) return [...sizes];
    const each = Math.max(1, sizes[0] ?? 1);
    return Array.from({ length: Math.ceil(whole / each) }, (_, index) => Math.min(each, whole - index * each));
  }
}

function refusal({ name, operator }: SequenceNode, reason: string): DistilleryError {
  return new DistilleryError('UNSUPPORTED', `Node '${name}' (${operator}): ${reason}.`, {
    hint: 'Export the model without lists of tensors (torch.onnx.export: optimize=True).',
  });
}
