import type { Graph } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';

/** A dense layer of a graph: a product with a matrix of weights, and perhaps a bias. */
export interface Dense {
  readonly node: Node;
  /** Name of the matrix. */
  readonly weight: string;
  /** True when the matrix is stored as [outputs, inputs]. */
  readonly outputsFirst: boolean;
  /** Name of the bias. */
  readonly bias: string | undefined;
}

/** A layer normalisation, as one operator or written out. */
export interface Normalization {
  /** Name of the vector that multiplies. */
  readonly scale: string;
  /** Name of the vector that is added. */
  readonly bias: string;
}

/** Finds layers in a graph by what its nodes compute, whatever their names are. */
export class GraphPaths {
  readonly #graph: Graph;
  readonly #positions: ReadonlyMap<Node, number>;
  readonly #readers = new Map<string, Node[]>();

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#positions = new Map(graph.nodes.map((node, index) => [node, index]));
    for (const node of graph.nodes) {
      for (const input of node.inputs) {
        if (input) this.#readers.set(input.name, [...(this.#readers.get(input.name) ?? []), node]);
      }
    }
  }

  /** What `accept` finds at the nearest node that `value` is computed by; shapes are not followed. */
  nearestBefore<T>(value: Value, accept: (node: Node) => T | undefined): T | undefined {
    const seen = new Set([value.name]);
    // The list grows while it is gone through.
    const pending = [value];
    for (const next of pending) {
      const node = this.#graph.producer(next);
      if (!node || node.operator === 'Shape') continue;
      const found = accept(node);
      if (found !== undefined) return found;
      for (const input of node.inputs) {
        if (!input || seen.has(input.name)) continue;
        seen.add(input.name);
        pending.push(input);
      }
    }
    return undefined;
  }

  /** What `accept` finds at the first node, in the order of the graph, that depends on the outputs of `node`. */
  firstAfter<T>(node: Node, accept: (node: Node) => T | undefined): T | undefined {
    const dependent = new Set(node.outputs.map((output) => output?.name));
    for (const later of this.#graph.nodes.slice((this.#positions.get(node) ?? 0) + 1)) {
      if (later.operator === 'Shape' || !later.inputs.some((input) => input && dependent.has(input.name))) continue;
      const found = accept(later);
      if (found !== undefined) return found;
      for (const output of later.outputs) dependent.add(output?.name);
    }
    return undefined;
  }

  /** The nodes that read a node's first output. */
  readersOf(node: Node): readonly Node[] {
    return this.#readers.get(node.outputs[0]?.name ?? '') ?? [];
  }

  /** The dense layer that a node is. */
  denseAt(node: Node): Dense | undefined {
    if (node.operator !== 'MatMul' && node.operator !== 'Gemm') return undefined;
    const matrix = this.#matrixAt(node.inputs[1]);
    if (!matrix) return undefined;
    const transposes = node.attributes['transB'];
    const outputsFirst = matrix.transposed !== (transposes?.kind === 'int' && transposes.value === 1);
    return { node, weight: matrix.name, outputsFirst, bias: node.inputs[2]?.name ?? this.#addedVector(node) };
  }

  /** The layer normalisation that a node is, or that it ends: a product with a vector to which a vector is added. */
  normalizationAt(node: Node): Normalization | undefined {
    if (node.operator === 'LayerNormalization') {
      const [, scale, bias] = node.inputs;
      return scale && bias && { scale: scale.name, bias: bias.name };
    }
    const scale = node.operator === 'Mul' ? this.#vectorAt(node) : undefined;
    const bias = this.#addedVector(node);
    return scale !== undefined && bias !== undefined ? { scale, bias } : undefined;
  }

  /** Whether a node multiplies two computed values, as attention does. */
  isProduct(node: Node): boolean {
    if (!['MatMul', 'Einsum', 'FusedMatMul'].includes(node.operator)) return false;
    return node.inputs.every((input) => input && !this.#matrixAt(input));
  }

  /** The value of which `value` has the elements, in another shape. */
  beforeReshaping(value: Value | undefined): Value | undefined {
    const producer = value && this.#graph.producer(value);
    const isReshaped = producer?.operator === 'Reshape' || producer?.operator === 'Identity';
    return isReshaped ? this.beforeReshaping(producer.inputs[0]) : value;
  }

  /** Whether a value is an initializer. */
  isStored(value: Value | undefined): boolean {
    return value !== undefined && this.#graph.initializers.has(value.name);
  }

  /** An initializer with two axes, or the transpose of one. */
  #matrixAt(value: Value | undefined): { readonly name: string; readonly transposed: boolean } | undefined {
    if (value?.shape.length !== 2) return undefined;
    if (this.isStored(value)) return { name: value.name, transposed: false };
    const producer = this.#graph.producer(value);
    const source = producer?.operator === 'Transpose' ? producer.inputs[0] : undefined;
    return source && this.isStored(source) ? { name: source.name, transposed: true } : undefined;
  }

  #addedVector(node: Node): string | undefined {
    const sum = this.readersOf(node).find((reader) => reader.operator === 'Add' && this.#vectorAt(reader));
    return sum && this.#vectorAt(sum);
  }

  /** The initializer with one axis of several elements that a node reads. */
  #vectorAt(node: Node): string | undefined {
    return node.inputs.find((input) => input?.shape.length === 1 && input.shape[0] !== 1 && this.isStored(input))?.name;
  }
}
