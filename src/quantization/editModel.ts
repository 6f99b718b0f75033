import { clone, create } from '@bufbuild/protobuf';
import { DistilleryError } from '../errors.ts';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from '../onnx/onnx_pb.ts';
import { readNames } from '../onnx/readNames.ts';
import type { Tensor } from '../onnx/tensor.ts';
import { decodeTensor, encodeTensor } from '../onnx/tensorProto.ts';

/** The first operator set that has integers with a scale for each channel. */
const FIRST_OPSET = 13;

/** A copy of a model under change: nodes are rewritten in order, and weights that nothing reads any more go. */
export class ModelEditor {
  readonly model: ModelProto;
  readonly #graph: GraphProto;
  readonly #initializers: Map<string, TensorProto>;
  readonly #names: Set<string>;

  /** @throws DistilleryError `UNSUPPORTED` when the model's operator set is too old */
  constructor(model: ModelProto) {
    this.model = clone(ModelProtoSchema, model);
    const { graph } = this.model;
    if (!graph) throw new DistilleryError('BAD_FILE', 'The model holds no graph.');
    const opset = Number(this.model.opsetImport.find(({ domain }) => domain === '')?.version ?? 0);
    if (opset < FIRST_OPSET) {
      throw new DistilleryError(
        'UNSUPPORTED',
        `The model has operator set ${opset}; the first that can be quantised channel by channel is ${FIRST_OPSET}.`,
      );
    }
    this.#graph = graph;
    this.#initializers = new Map(graph.initializer.map((stored) => [stored.name, stored]));
    this.#names = new Set([
      ...this.#initializers.keys(),
      ...graph.input.map(({ name }) => name),
      ...graph.node.flatMap(({ output }) => output),
    ]);
  }

  get nodes(): readonly NodeProto[] {
    return this.#graph.node;
  }

  get inputs(): readonly string[] {
    return this.#graph.input.map(({ name }) => name);
  }

  get outputs(): readonly string[] {
    return this.#graph.output.map(({ name }) => name);
  }

  /** The float32 weight of this name; undefined when there is none. */
  floatWeight(name: string | undefined): (Tensor & { readonly data: Float32Array }) | undefined {
    const stored = name === undefined ? undefined : this.#initializers.get(name);
    if (!stored) return undefined;
    const tensor = decodeTensor(stored);
    return tensor.data instanceof Float32Array ? { ...tensor, data: tensor.data } : undefined;
  }

  /** The float32 weight of this name, or what a `Constant` node of it holds; undefined when there is neither. */
  floatConstant(name: string | undefined): (Tensor & { readonly data: Float32Array }) | undefined {
    const node = this.nodes.find(({ opType, output }) => opType === 'Constant' && output[0] === name);
    const stored = node?.attribute.find((attribute) => attribute.name === 'value')?.t;
    const tensor = stored && decodeTensor(stored);
    return tensor?.data instanceof Float32Array ? { ...tensor, data: tensor.data } : this.floatWeight(name);
  }

  /** Adds a weight under a name that begins with `prefix` and returns the name. */
  addWeight(prefix: string, tensor: Tensor): string {
    const name = this.freshName(prefix);
    this.#initializers.set(name, encodeTensor(name, tensor));
    return name;
  }

  /** A name that nothing has yet. */
  freshName(prefix: string): string {
    let name = prefix;
    for (let count = 1; this.#names.has(name); count++) name = `${prefix}_${count}`;
    this.#names.add(name);
    return name;
  }

  /** Replaces the nodes, and drops the weights that none of them reads. */
  replaceNodes(nodes: readonly NodeProto[]): void {
    this.#graph.node = [...nodes];
    const read = new Set([...this.outputs, ...nodes.flatMap(readNames)]);
    this.#graph.initializer = [...this.#initializers.values()].filter(({ name }) => read.has(name));
    // Old files declare their weights as inputs, too.
    this.#graph.input = this.#graph.input.filter(({ name }) => !this.#initializers.has(name) || read.has(name));
    this.#graph.valueInfo = [];
  }
}

/** A node of a standard operator. @param attributes whole numbers */
export function nodeOf(
  operator: string,
  input: readonly string[],
  output: readonly string[],
  attributes: Readonly<Record<string, number>> = {},
): NodeProto {
  return create(NodeProtoSchema, {
    name: output[0] ?? operator,
    opType: operator,
    input: [...input],
    output: [...output],
    attribute: Object.entries(attributes).map(([name, value]) =>
      create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) }),
    ),
  });
}

/** The same node with other inputs and outputs. */
export function rewired(
  node: NodeProto,
  {
    input = node.input,
    output = node.output,
  }: { readonly input?: readonly string[]; readonly output?: readonly string[] },
): NodeProto {
  return Object.assign(clone(NodeProtoSchema, node), { input: [...input], output: [...output] });
}

/** A whole number among a node's attributes. */
export function intAttribute(node: NodeProto, name: string, otherwise: number): number {
  const found = node.attribute.find((attribute) => attribute.name === name);
  return found ? Number(found.i) : otherwise;
}

/** A float among a node's attributes. */
export function floatAttribute(node: NodeProto, name: string, otherwise: number): number {
  return node.attribute.find((attribute) => attribute.name === name)?.f ?? otherwise;
}
