import { clone, create } from '@bufbuild/protobuf';
import { DistilleryError } from '../../errors.ts';
import { isNarrow, wideTensor } from '../../onnx/importing/narrowNumbers.ts';
import {
  AttributeProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from '../../onnx/onnx_pb.ts';
import { readNames } from '../../onnx/readNames.ts';
import { kindDeclarations } from '../../onnx/tensorKinds.ts';
import { floatTensor, toNumbers, type Tensor } from '../../onnx/tensor.ts';
import { dataTypeCode, decodeTensor, encodeTensor } from '../../onnx/tensorProto.ts';
import { floatsOf, highestOf, lowestOf } from './wholeNumbers.ts';

/** How whole numbers stand for floats: the names of their scale and of the number that stands for 0. */
export interface Scaling {
  readonly scale: string;
  readonly zero?: string | undefined;
  /** The axis along which scales differ, where there are several. */
  readonly axis?: number;
  /** Elements along that axis that share a scale; by default one. */
  readonly block?: number;
}

/** A product of whole numbers whose scale is multiplied by behind it: the weight that takes the scale, and the axis of its columns. */
interface OpenProduct {
  readonly weight: string;
  readonly axis: number;
}

/** Operators that give negative numbers, which a range that begins at 0 cuts off. */
const SIGNED: ReadonlySet<string> = new Set([
  ...['Add', 'BatchNormalization', 'Conv', 'ConvTranspose', 'Div', 'Gemm', 'InstanceNormalization'],
  ...['LayerNormalization', 'MatMul', 'Mul', 'Sub'],
]);

/** A model that is being rewritten in floats, node by node, in the order of the file. */
export class DequantizedGraph {
  /** The nodes as they are stored. */
  readonly source: readonly NodeProto[];
  readonly #model: ModelProto;
  readonly #graph: GraphProto;
  readonly #initializers: Map<string, TensorProto>;
  readonly #constantNodes: ReadonlyMap<string, TensorProto>;
  readonly #constants = new Map<string, Tensor | undefined>();
  readonly #nodes: NodeProto[] = [];
  readonly #aliases = new Map<string, string>();
  readonly #taken: Set<string>;
  readonly #producers = new Map<string, NodeProto>();
  /** Values that were whole numbers in the file and are floats now. */
  readonly #floats = new Map<string, Scaling | undefined>();
  readonly #products = new Map<string, OpenProduct>();
  readonly #weights = new Map<string, string>();

  constructor(model: ModelProto) {
    this.#model = clone(ModelProtoSchema, model);
    const { graph } = this.#model;
    if (!graph) throw new DistilleryError('BAD_FILE', 'The model holds no graph.');
    this.#graph = graph;
    this.source = graph.node;
    this.#initializers = new Map(graph.initializer.map((stored) => [stored.name, stored]));
    this.#constantNodes = new Map(
      graph.node.flatMap(({ opType, output: [name], attribute }) => {
        const value = opType === 'Constant' ? attribute.find((each) => each.name === 'value')?.t : undefined;
        return name !== undefined && value ? [[name, value] as const] : [];
      }),
    );
    const produced = graph.node.flatMap(({ output }) => output);
    this.#taken = new Set([...this.#initializers.keys(), ...graph.input.map(({ name }) => name), ...produced]);
  }

  /** The operator set of the standard operators. */
  get opset(): number {
    return Number(this.#model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0);
  }

  /** What a value holds that the file stores; undefined for any other. */
  constant(name: string | undefined): Tensor | undefined {
    if (name === undefined || name === '') return undefined;
    if (!this.#constants.has(name)) {
      const stored = this.#initializers.get(name) ?? this.#constantNodes.get(name);
      this.#constants.set(name, stored && wideTensor(stored));
    }
    return this.#constants.get(name);
  }

  /** Whether a stored tensor is of numbers of fewer bits than tensors in memory have; floats of 8 bits among them are rounded, as whole numbers are. */
  #isNarrow(name: string): boolean {
    const stored = this.#initializers.get(name) ?? this.#constantNodes.get(name);
    return stored !== undefined && isNarrow(stored);
  }

  /** Whether a stored tensor is of bytes, in which smaller numbers may lie; tensors of 4 bits are not, whatever they are read as. */
  holdsBytes(name: string | undefined): boolean {
    const stored = this.#initializers.get(name ?? '') ?? this.#constantNodes.get(name ?? '');
    return stored?.dataType === dataTypeCode('uint8');
  }

  /** The name of the floats that stand for a value. */
  named(name: string | undefined): string {
    const alias = name === undefined ? undefined : this.#aliases.get(name);
    return alias ?? name ?? '';
  }

  /** Whether a value held whole numbers in the file and is of floats now. */
  isFloat(name: string | undefined): boolean {
    return this.#floats.has(this.named(name));
  }

  /** How the whole numbers that a value held stood for floats, where it is known. */
  scalingOf(name: string | undefined): Scaling | undefined {
    return this.#floats.get(this.named(name));
  }

  /** Adds a node. @param attributes as a stored node has them, or whole numbers */
  add(
    opType: string,
    input: readonly string[],
    output: string,
    { name, attributes = [] }: { readonly name: string; readonly attributes?: readonly AttributeProto[] },
  ): void {
    const kept = attributes.map((each) => clone(AttributeProtoSchema, each));
    this.#push(create(NodeProtoSchema, { name, opType, input: [...input], output: [output], attribute: kept }));
  }

  /** Adds a node of another operator in the place of one, with its outputs and attributes. */
  addNode(opType: string, input: readonly string[], { name, output, attribute }: NodeProto): void {
    const kept = attribute.map((each) => clone(AttributeProtoSchema, each));
    this.#push(create(NodeProtoSchema, { name, opType, input: [...input], output: [...output], attribute: kept }));
  }

  /** Adds a node whose output held whole numbers, and the bound that their range was, where it is one of an activation. */
  addBounded(
    opType: string,
    input: readonly string[],
    node: NodeProto,
    scaling: Scaling,
    attributes: readonly AttributeProto[] = node.attribute,
  ): void {
    const output = node.output[0] ?? '';
    const bound = SIGNED.has(opType) ? this.#boundOf(scaling) : undefined;
    const inner = bound ? this.fresh(`${output}.unbounded`) : output;
    this.add(opType, input, inner, { name: node.name, attributes });
    if (bound) this.#bound(inner, output, bound);
    this.#floats.set(output, scaling);
  }

  /** Lets a value be floats under another name; behind what gives negative numbers a range that begins at 0 is a Relu. */
  stand(output: string, input: string, scaling?: Scaling): void {
    const source = this.named(input);
    const bound = scaling && SIGNED.has(this.#producers.get(source)?.opType ?? '') ? this.#boundOf(scaling) : undefined;
    if (bound) this.#bound(source, output, bound);
    else if (this.#graph.output.some(({ name }) => name === output)) {
      this.add('Identity', [source], output, { name: output });
    } else this.#aliases.set(output, source);
    this.#floats.set(this.named(output), scaling ?? this.#floats.get(source));
  }

  /** A stored tensor of whole numbers as one of floats that stays in the file; undefined where the value is no such tensor. */
  weight(
    name: string | undefined,
    scaling: Scaling | undefined,
    change?: (floats: Tensor) => Tensor,
  ): string | undefined {
    const whole = this.constant(name);
    const scale = scaling ? this.constant(scaling.scale) : floatTensor(1, []);
    if (name === undefined || !whole || !scale || (whole.type.startsWith('float') && !this.#isNarrow(name)))
      return undefined;
    const key = `${name} ${scaling?.scale ?? ''} ${change ? this.#weights.size : ''}`;
    const known = this.#weights.get(key);
    if (known !== undefined) return known;
    const zero = scaling?.zero === undefined || scaling.zero === '' ? undefined : this.constant(scaling.zero);
    const floats = floatsOf(whole, { scale, zero, axis: scaling?.axis, block: scaling?.block });
    const made = this.store(name.replace(/(?:_quantized|\.quantized|_q)$/, ''), change ? change(floats) : floats);
    this.#weights.set(key, made);
    return made;
  }

  /** Notes that a value, which held whole numbers, is of floats. */
  markFloat(output: string, scaling: Scaling | undefined): void {
    this.#floats.set(output, scaling);
  }

  /** Stores a tensor of floats under a name like this one, and gives the name. */
  store(like: string, tensor: Tensor): string {
    const name = this.fresh(like);
    this.#initializers.set(name, encodeTensor(name, tensor));
    return name;
  }

  fresh(like: string): string {
    let name = like;
    for (let count = 1; this.#taken.has(name); count++) name = `${like}.float${count > 1 ? count : ''}`;
    this.#taken.add(name);
    return name;
  }

  /** Notes that a value is a product of whole numbers, whose weight takes the scale by which it is multiplied later. */
  open(output: string, product: OpenProduct): void {
    this.#products.set(output, product);
    this.#floats.set(output, undefined);
  }

  /** Multiplies the weight of an open product by a scale; false where the value is none, or the scale is not one for each column. */
  close(value: string, scale: Tensor): boolean {
    const product = this.#products.get(this.named(value));
    const stored = product && this.#initializers.get(product.weight);
    if (!product || !stored) return false;
    const weight = decodeTensor(stored);
    const { shape } = weight;
    const axis = product.axis < 0 ? product.axis + shape.length : product.axis;
    const factors = toNumbers(scale);
    if (factors.length !== 1 && factors.length !== shape[axis]) return false;
    const behind = shape.slice(axis + 1).reduce((total, size) => total * size, 1);
    const numbers = toNumbers(weight).map(
      (each, at) => each * (factors[factors.length === 1 ? 0 : Math.floor(at / behind) % factors.length] ?? 1),
    );
    this.#initializers.set(product.weight, encodeTensor(product.weight, floatTensor(numbers, shape)));
    this.#products.delete(this.named(value));
    return true;
  }

  /** Keeps a node as it is, but for the names of what it reads. */
  keep(node: NodeProto): void {
    const kept = clone(NodeProtoSchema, node);
    this.#rename(kept);
    this.#push(kept);
    const [first] = node.input;
    if (first !== undefined && this.isFloat(first)) {
      for (const output of node.output) this.#floats.set(output, this.scalingOf(first));
    }
  }

  /** The model, without what nothing reads any more. */
  finished(): ModelProto {
    const wanted = new Set(this.#graph.output.map(({ name }) => name));
    const live = this.#nodes.toReversed().filter((node) => {
      if (!node.output.some((name) => wanted.has(name))) return false;
      for (const name of readNames(node)) wanted.add(name);
      return true;
    });
    this.#graph.node = live.toReversed();
    this.#graph.initializer = [...this.#initializers.values()].filter(({ name }) => wanted.has(name));
    this.#graph.input = this.#graph.input.filter(({ name }) => !this.#initializers.has(name) || wanted.has(name));
    this.#graph.valueInfo = kindDeclarations(this.#graph);
    for (const { name, type } of this.#graph.output) {
      if (this.#floats.has(name) && type?.value.case === 'tensorType')
        type.value.value.elemType = dataTypeCode('float32');
    }
    return this.#model;
  }

  #push(node: NodeProto): void {
    this.#nodes.push(node);
    for (const output of node.output) this.#producers.set(output, node);
  }

  #rename(node: NodeProto): void {
    node.input = node.input.map((name) => this.named(name));
    for (const { g } of node.attribute) for (const inner of g?.node ?? []) this.#rename(inner);
  }

  /** What a range makes of numbers: none below 0, and none above 6 where it ends there. */
  #boundOf({ scale, zero }: Scaling): 'Relu' | 'Relu6' | undefined {
    const [step, ...others] = toNumbers(this.constant(scale) ?? floatTensor([0, 0]));
    const type = this.constant(zero)?.type ?? 'uint8';
    const [none = 0] = toNumbers(this.constant(zero) ?? floatTensor(0, []));
    if (step === undefined || others.length > 0 || none !== lowestOf(type)) return undefined;
    return Math.abs((highestOf(type) - none) * step - 6) < 0.03 ? 'Relu6' : 'Relu';
  }

  #bound(input: string, output: string, bound: 'Relu' | 'Relu6'): void {
    const name = `${output}.bounded`;
    if (bound === 'Relu') {
      this.add('Relu', [input], output, { name });
      return;
    }
    const [low, high] = [
      this.store(`${output}.low`, floatTensor(0, [])),
      this.store(`${output}.high`, floatTensor(6, [])),
    ];
    this.add('Clip', [input, low, high], output, { name });
  }
}
