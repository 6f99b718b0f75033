import { DistilleryError } from '../errors.ts';
import { encodeFloat16Array } from './float16.ts';
import type { Attribute, Attributes, Node, Value } from './node.ts';
import { inferNode } from './shapes/infer.ts';
import type { Inference, Inferred, NodeSketch } from './shapes/rule.ts';
import { floatTensor, intTensor, type DataType, type Dimensions, type Shape, type Tensor } from './tensor.ts';

/** The ONNX operator set that graphs in memory use. Older files are brought up to it when they are read. */
export const OPSET = 21;

/** Most elements that a float initializer may have for a shape to depend on it. */
const largestContents = 64;

export interface NodeOptions {
  readonly attributes?: Attributes;
  readonly domain?: string;
  readonly name?: string;
  /** Names of the outputs; an empty name leaves that output out. Default: one fresh name. */
  readonly outputs?: readonly string[];
  /** Types and shapes of the outputs, for operators whose result cannot be inferred. */
  readonly results?: readonly Inferred[];
  /** What was found of the outputs before, with the same inputs: taken where a size cannot be inferred. */
  readonly fallback?: readonly Inferred[];
}

/** Shorthands for attributes: `int(1)`, `float(0.5)`, `ints([1, 2])`, `text('SAME_UPPER')`. */
export const int = (value: number): Attribute => ({ kind: 'int', value });
export const float = (value: number): Attribute => ({ kind: 'float', value });
export const text = (value: string): Attribute => ({ kind: 'string', value });
export const ints = (value: readonly number[]): Attribute => ({ kind: 'ints', value });

/**
 * A graph of ONNX operators under construction. Every node added has its output types and shapes inferred at once, so
 * that whoever builds on it (a gradient rule, an objective) can rely on `value.shape`.
 */
export class Graph {
  readonly inputs: Value[] = [];
  readonly outputs: Value[] = [];
  readonly nodes: Node[] = [];
  /** Weights and constants, by the name of their value. */
  readonly initializers = new Map<string, Tensor>();
  /**
   * Contents that are known without running the graph, by name: integers (shapes, axes) and what is computed from them.
   * Floats may come from weights and serve to find shapes only.
   */
  readonly known = new Map<string, Tensor>();

  readonly #values = new Map<string, Value>();
  readonly #constants = new Map<string, Value>();
  readonly #constantNames = new Set<string>();
  readonly #producers = new Map<string, Node>();
  readonly #reserved = new Set<string>();
  #fresh = 0;

  /** Adds a graph input. @throws DistilleryError when the name is taken. */
  input(name: string, type: DataType, shape: Shape): Value {
    const value = this.#declare(name, type, shape);
    this.inputs.push(value);
    return value;
  }

  /**
   * Adds a named weight with its initial contents, or a copy of a constant of another graph.
   * @throws DistilleryError when the name is taken
   */
  initializer(name: string, tensor: Tensor, isConstant = false): Value {
    const value = this.#declare(name, tensor.type, tensor.shape);
    this.initializers.set(name, tensor);
    if (isConstant) this.#constantNames.add(name);
    if (tensor.type === 'int64' || tensor.type === 'int32') this.known.set(name, tensor);
    return value;
  }

  /** A constant; equal small constants share one initializer. */
  constant(tensor: Tensor): Value {
    const small = tensor.data.length <= 16;
    const key = small
      ? `${tensor.type}[${tensor.shape.join()}]${Array.from(tensor.data as ArrayLike<unknown>)
          .map(printed)
          .join()}`
      : '';
    const existing = small ? this.#constants.get(key) : undefined;
    if (existing) return existing;
    const value = this.initializer(this.freshName('constant'), tensor, true);
    if (small) this.#constants.set(key, value);
    return value;
  }

  /** Whether an initializer was made by `constant`: part of a formula, not a weight. */
  isConstant(name: string): boolean {
    return this.#constantNames.has(name);
  }

  /** A float32 scalar constant, in the type of `like` when given. */
  scalar(value: number, like?: Value): Value {
    return this.floats([value], [], like);
  }

  /** A float32 constant, in the type of `like` when given. In float16, what is too large becomes the largest finite number. */
  floats(values: ArrayLike<number>, shape: Dimensions, like?: Value): Value {
    if (like?.type === 'float64') return this.constant({ type: 'float64', shape, data: Float64Array.from(values) });
    if (like?.type !== 'float16') return this.constant(floatTensor(values, shape));
    return this.constant({ type: 'float16', shape, data: encodeFloat16Array(Float32Array.from(values)) });
  }

  /** An int64 vector constant: axes, a shape, pads. */
  integers(values: readonly number[]): Value {
    return this.constant(intTensor(values));
  }

  /** Adds a node and returns its outputs (omitted ones as `undefined`). */
  node(operator: string, inputs: readonly (Value | undefined)[], options: NodeOptions = {}): (Value | undefined)[] {
    const names = options.outputs ?? [this.freshName(operator.toLowerCase())];
    const attributes = options.attributes ?? {};
    const domain = options.domain ?? '';
    const name = options.name ?? names.find((candidate) => candidate !== '') ?? operator;
    const { results, known } = options.results
      ? { results: options.results, known: undefined }
      : this.#infer({ operator, domain, name, inputs, attributes, outputCount: names.length }, options.fallback);
    const outputs = names.map((outputName, index) => {
      if (outputName === '') return undefined;
      const result = results[index];
      if (!result) throw new DistilleryError('BAD_FILE', `Node '${name}': ${operator} has no output ${index}.`);
      return this.#declare(outputName, result.type, result.shape);
    });
    const node: Node = { name, operator, domain, inputs, outputs, attributes };
    this.nodes.push(node);
    for (const output of outputs) if (output) this.#producers.set(output.name, node);
    const first = outputs[0];
    if (known && first) this.known.set(first.name, known);
    return outputs;
  }

  /** Adds a node with exactly one output and returns it. */
  op(
    operator: string,
    inputs: readonly (Value | undefined)[],
    attributes: Attributes = {},
    options: Omit<NodeOptions, 'attributes'> = {},
  ): Value {
    const [output] = this.node(operator, inputs, { ...options, attributes });
    if (!output) throw new DistilleryError('INTERNAL', `${operator} was asked for no output.`);
    return output;
  }

  /** Declares `value` a graph output; with `name`, under that name. */
  output(value: Value, name?: string): Value {
    const result =
      name === undefined || name === value.name ? value : this.op('Identity', [value], {}, { outputs: [name] });
    this.outputs.push(result);
    return result;
  }

  /** The value with this name. @throws DistilleryError when there is none. */
  value(name: string): Value {
    const value = this.#values.get(name);
    if (!value) throw new DistilleryError('BAD_INPUT', `The graph has no value named '${name}'.`);
    return value;
  }

  /** The value with this name, if there is one. */
  find(name: string): Value | undefined {
    return this.#values.get(name);
  }

  /** The node that computes `value`; `undefined` for graph inputs and initializers. */
  producer(value: Value): Node | undefined {
    return this.#producers.get(value.name);
  }

  /** A name that no value has yet, beginning with `prefix`. */
  freshName(prefix: string): string {
    let name: string;
    do name = `${prefix}_${this.#fresh++}`;
    while (this.#values.has(name) || this.#reserved.has(name));
    return name;
  }

  /** Keeps names from being given as fresh ones: values of these names will be added later. */
  reserve(names: Iterable<string>): void {
    for (const name of names) this.#reserved.add(name);
  }

  /** Names of all values. */
  get names(): Iterable<string> {
    return this.#values.keys();
  }

  /** What a shape may depend on: contents that are known, or those of a small initializer (scales, factors). */
  #contentsOf(value: Value): Tensor | undefined {
    const known = this.known.get(value.name);
    if (known) return known;
    const initializer = this.initializers.get(value.name);
    return initializer && initializer.data.length <= largestContents ? initializer : undefined;
  }

  #infer(sketch: NodeSketch, fallback?: readonly Inferred[]): Inference {
    const contents = (value: Value): Tensor | undefined => this.#contentsOf(value);
    if (!fallback) return inferNode(sketch, contents);
    try {
      const { results, ...inference } = inferNode(sketch, contents);
      return { ...inference, results: results.map((result, index) => closed(result, fallback[index])) };
    } catch (error) {
      if (error instanceof DistilleryError && error.code !== 'INTERNAL') return { results: fallback };
      throw error;
    }
  }

  #declare(name: string, type: DataType, shape: Shape): Value {
    if (this.#values.has(name)) throw new DistilleryError('INTERNAL', `The graph has a value named '${name}' already.`);
    const value: Value = { name, type, shape };
    this.#values.set(name, value);
    return value;
  }
}

/** What was inferred, with the sizes that were found before in place of those that are open. */
function closed({ type, shape }: Inferred, found: Inferred | undefined): Inferred {
  if (found?.shape.length !== shape.length) return { type, shape };
  return { type, shape: shape.map((size, axis) => (typeof size === 'number' ? size : (found.shape[axis] ?? size))) };
}

/** Dimensions of a value all of whose dimensions are numbers. @throws DistilleryError when one is symbolic. */
export function dimensionsOf(value: Value): readonly number[] {
  return value.shape.map((dimension) => {
    if (typeof dimension === 'number') return dimension;
    throw new DistilleryError('INTERNAL', `'${value.name}' has the symbolic dimension '${dimension}'; bind it first.`);
  });
}

function printed(element: unknown): string {
  return Object.is(element, -0) ? '-0' : String(element);
}
