import { create } from '@bufbuild/protobuf';
import { InferenceSession } from '../../src/platform/onnxRuntime.ts';
import type { Random } from '../../src/data/random.ts';
import { encodeModel, type ModelFile } from '../../src/onnx/file.ts';
import type { Graph } from '../../src/onnx/graph.ts';
import type { Attribute } from '../../src/onnx/node.ts';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  type AttributeProto,
  type GraphProto,
  type ModelProto,
} from '../../src/onnx/onnx_pb.ts';
import { toInt64, type DataType, type Dimension, type Tensor } from '../../src/onnx/tensor.ts';
import { dataTypeCode, encodeTensor } from '../../src/onnx/tensorProto.ts';
import { randomFeeds } from './shapeCheck.ts';

/** A nested graph is given as it is stored. */
type StoredAttribute = Attribute | GraphProto;

/** A node written as `[operator, inputs, outputs, attributes]`; inputs and outputs separated by spaces. */
export type StoredNodeText = readonly [string, string, string, Readonly<Record<string, StoredAttribute>>?];

export interface StoredGraphOptions {
  readonly inputs?: Readonly<Record<string, readonly (Dimension | null)[]>>;
  readonly inputTypes?: Readonly<Record<string, DataType>>;
  readonly initializers?: Readonly<Record<string, Tensor>>;
  readonly nodes: readonly StoredNodeText[];
  /** Names; their types are float32 unless said otherwise in `outputTypes`, their shapes are not declared. */
  readonly outputs: readonly string[];
  readonly outputTypes?: Readonly<Record<string, DataType>>;
}

/** A model as if it had been read from a file, as it is there. @param opset of ONNX's own operators, where it names one */
export function fileOfModel(proto: ModelProto, opset: number | null = null): ModelFile {
  return { path: 'model.onnx', directory: '', bytes: 0, sha256: '', proto, opset, isChanged: false };
}

/** A model as a file of operator set `opset` has it, written by hand. */
export function storedModel(opset: number, graph: StoredGraphOptions, irVersion = opset < 21 ? 8n : 10n): ModelProto {
  return create(ModelProtoSchema, {
    irVersion,
    opsetImport: [{ domain: '', version: BigInt(opset) }],
    graph: storedGraph(graph),
  });
}

/** A graph of a stored model, also a nested one. */
export function storedGraph(options: StoredGraphOptions): GraphProto {
  const { inputs = {}, inputTypes = {}, initializers = {}, nodes, outputs, outputTypes = {} } = options;
  return create(GraphProtoSchema, {
    name: 'stored',
    input: Object.entries(inputs).map(([name, shape]) => ({
      name,
      type: tensorType(inputTypes[name] ?? 'float32', shape),
    })),
    initializer: Object.entries(initializers).map(([name, tensor]) => encodeTensor(name, tensor)),
    node: nodes.map(([opType, read, written, attributes = {}], index) => ({
      name: `node${index}`,
      opType,
      input: read === '' ? [] : read.split(' ').map((name) => (name === '-' ? '' : name)),
      output: written.split(' ').map((name) => (name === '-' ? '' : name)),
      attribute: Object.entries(attributes).map(([name, attribute]) => storedAttribute(name, attribute)),
    })),
    output: outputs.map((name) => ({ name, type: tensorType(outputTypes[name] ?? 'float32') })),
  });
}

function tensorType(type: DataType, shape?: readonly (Dimension | null)[]) {
  const dim = shape?.map((size) => {
    if (size === null) return {};
    return typeof size === 'number'
      ? { value: { case: 'dimValue' as const, value: BigInt(size) } }
      : { value: { case: 'dimParam' as const, value: size } };
  });
  const value = { elemType: dataTypeCode(type), ...(dim ? { shape: { dim } } : {}) };
  return { value: { case: 'tensorType' as const, value } };
}

function storedAttribute(name: string, attribute: StoredAttribute): AttributeProto {
  if ('$typeName' in attribute) {
    return create(AttributeProtoSchema, { name, type: AttributeType.GRAPH, g: attribute });
  }
  switch (attribute.kind) {
    case 'int':
      return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: toInt64(attribute.value) });
    case 'float':
      return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: attribute.value });
    case 'string':
      return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s: Buffer.from(attribute.value) });
    case 'ints':
      return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: attribute.value.map(toInt64) });
    case 'floats':
      return create(AttributeProtoSchema, { name, type: AttributeType.FLOATS, floats: [...attribute.value] });
    case 'strings': {
      const strings = attribute.value.map((value) => Buffer.from(value));
      return create(AttributeProtoSchema, { name, type: AttributeType.STRINGS, strings });
    }
    case 'tensor':
      return create(AttributeProtoSchema, { name, type: AttributeType.TENSOR, t: encodeTensor('', attribute.value) });
    case 'graph':
      throw new Error('Give the stored graph itself.');
  }
}

/** Output of a model in ONNX Runtime: type, dimensions and elements. */
export interface RuntimeOutput {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: readonly number[];
}

/** Runs models in ONNX Runtime's CPU provider on the same random input, which fits the inputs of `graph`. */
export async function runAll(
  models: readonly ModelProto[],
  graph: Graph,
  random: Random,
): Promise<Record<string, RuntimeOutput>[]> {
  const feeds = randomFeeds(graph, random);
  const results: Record<string, RuntimeOutput>[] = [];
  for (const model of models) {
    const session = await InferenceSession.create(encodeModel(model), {
      intraOpNumThreads: 1,
      logSeverityLevel: 3,
    });
    const outputs = await session.run(feeds);
    await session.release();
    results.push(
      Object.fromEntries(
        Object.entries(outputs).map(([name, { type, dims, data }]) => [
          name,
          { type, dims, data: Array.from(data as ArrayLike<number | bigint>, Number) },
        ]),
      ),
    );
  }
  return results;
}
