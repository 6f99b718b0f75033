import { clone } from '@bufbuild/protobuf';
import {
  ModelProtoSchema,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from '../../onnx/onnx_pb.ts';
import { elementCount } from '../../onnx/tensor.ts';
import { declareCopy } from '../../onnx/tensorKinds.ts';
import { dataTypeCode, decodeTensor, encodeTensor } from '../../onnx/tensorProto.ts';
import { parameterInputs } from '../trainableWeights.ts';

/** A model in which layers have weights of their own, and which were one before. */
export interface UntiedModel {
  readonly model: ModelProto;
  /** Names of the tensors that were untied, as the file has them. */
  readonly untied: readonly string[];
}

/** One place where a weight is read. */
interface Reader {
  readonly node: NodeProto;
  readonly index: number;
  /** The name by which it is read: the weight's, or that of an `Identity` of it. */
  readonly alias: string;
}

/**
 * Gives layers that read one tensor a copy each, where exporters made one of several that were equal by chance, as PyTorch's do
 * of fresh scales (ones) and biases (zeros): then all elements are one number. Tensors of different numbers that are equal
 * to the last bit are one on purpose, such as an embedding and the output layer, and stay tied; so do the tensors of
 * a layer that is applied several times, which shares a matrix or kernel, too.
 */
export function untieWeights(model: ModelProto): UntiedModel {
  const untied = model.graph ? mergedTensors(model.graph) : [];
  if (untied.length === 0) return { model, untied };
  const changed = clone(ModelProtoSchema, model);
  if (changed.graph) for (const name of untied) separate(changed.graph, name);
  return { model: changed, untied };
}

function mergedTensors(graph: GraphProto): string[] {
  return graph.initializer.flatMap((stored) =>
    isUniform(stored) && layersOf(graph, stored.name).length > 1 ? [stored.name] : [],
  );
}

/** Whether a tensor of float32 holds one number only. */
function isUniform(stored: TensorProto): boolean {
  if (stored.dataType !== dataTypeCode('float32')) return false;
  const { data } = decodeTensor(stored);
  return data.every((element) => Object.is(element, data[0]));
}

/** The layers that read a weight, each as all places in which it does. */
function layersOf(graph: GraphProto, name: string): Reader[][] {
  const aliases = new Set([name]);
  for (const node of graph.node) if (isAlias(node, aliases)) aliases.add(node.output[0] ?? '');
  const stored = graph.initializer.find((each) => each.name === name);
  const elements = stored ? elementCount(stored.dims.map(Number)) : 0;
  const layers = new Map<string, Reader[]>();
  for (const node of graph.node) {
    node.input.forEach((alias, index) => {
      if (!aliases.has(alias) || isAlias(node, aliases) || !isWeight(node, index, elements)) return;
      const key = sharedMatrix(graph, node, alias) ?? node.output.join();
      layers.set(key, [...(layers.get(key) ?? []), { node, index, alias }]);
    });
  }
  return [...layers.values()];
}

function isAlias({ opType, input }: NodeProto, aliases: ReadonlySet<string>): boolean {
  return opType === 'Identity' && aliases.has(input[0] ?? '');
}

/** Whether an input is a weight: a parameter by its place, or what a layer in elementary operators adds or multiplies by. */
function isWeight({ opType, domain }: NodeProto, index: number, elements: number): boolean {
  if (domain !== '' && domain !== 'ai.onnx') return false;
  if (parameterInputs[opType]?.includes(index)) return true;
  return elements > 1 && ['Add', 'Sub', 'Mul', 'Div'].includes(opType);
}

/** The name of a matrix or kernel that the same layer reads; layers that share it are one layer that is applied again. */
function sharedMatrix(graph: GraphProto, node: NodeProto, alias: string): string | undefined {
  const others = node.input.filter((input) => input !== alias);
  const sources = graph.node.filter(
    ({ opType, output }) => ['MatMul', 'Conv', 'Gemm'].includes(opType) && output.some((name) => others.includes(name)),
  );
  const read = [...others, ...sources.flatMap(({ input }) => input)];
  return graph.initializer.find((stored) => read.includes(stored.name) && !isUniform(stored))?.name;
}

function separate(graph: GraphProto, name: string): void {
  const stored = graph.initializer.find((each) => each.name === name);
  if (!stored) return;
  const tensor = decodeTensor(stored);
  const [, ...others] = layersOf(graph, name);
  const taken = new Set([...graph.initializer.map((each) => each.name), ...graph.node.flatMap(({ output }) => output)]);
  for (const readers of others) {
    let copy = name;
    for (let number = 2; taken.has(copy); number++) copy = `${name}.${number}`;
    taken.add(copy);
    graph.initializer.push(encodeTensor(copy, tensor));
    declareCopy(graph, name, copy);
    for (const { node, index } of readers) {
      node.input = node.input.map((input, other) => (other === index ? copy : input));
    }
  }
}
