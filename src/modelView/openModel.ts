import { randomUUID } from 'node:crypto';
import { realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { DistilleryError } from '../errors.ts';
import { foreignFormat } from '../onnx/file.ts';
import {
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataLocation,
  type GraphProto,
  type ModelProto,
  type TensorProto,
} from '../onnx/onnx_pb.ts';
import { elementCount } from '../onnx/tensor.ts';
import { dimensionsOfProto, rawByteLength } from '../onnx/tensorProto.ts';
import type { FunctionDescription } from '../protocol/modelView.ts';
import { cutOff, FileWindow } from './fileWindow.ts';
import { parseStretch, stripPayloads, type Stretch } from './stripPayloads.ts';

/** Where the elements of a tensor lie. */
export interface TensorPlace extends Stretch {
  readonly path: string;
  /** The file's name as the model writes it; null for the model's own. */
  readonly external: string | null;
}

/** A model without the long contents of its tensors. */
export interface OpenModel {
  readonly path: string;
  readonly bytes: number;
  /** Tensors whose contents were left in the file hold zeros, in memory that is never touched. */
  readonly proto: ModelProto;
  readonly places: ReadonlyMap<TensorProto, TensorPlace>;
  readonly functions: readonly FunctionDescription[];
}

/**
 * Reads an `.onnx` file of any size, but not the contents of its tensors, nor files beside it.
 * @throws DistilleryError `FILE_NOT_FOUND`, or `BAD_FILE` when it is not an ONNX model or a tensor has another length than its shape says
 */
export function openModel(path: string): OpenModel {
  const file = new FileWindow(path);
  try {
    const head = file.bytes(0, Math.min(512, file.size));
    if (file.size === 0) throw new DistilleryError('BAD_FILE', 'The file is empty.');
    const foreign = foreignFormat(head);
    if (foreign !== undefined) {
      throw new DistilleryError('BAD_FILE', `It is not an ONNX model but ${foreign}.`, {
        hint: 'Choose a model in ONNX format (.onnx).',
      });
    }
    const key = randomUUID();
    const { bytes, functions } = stripPayloads(file, key);
    const proto = fromBinary(ModelProtoSchema, bytes);
    if (!proto.graph) throw cutOff();
    const places = new Map<TensorProto, TensorPlace>();
    for (const tensor of tensorsOf(proto.graph)) {
      const place = placeOf(tensor, path, key);
      if (place) places.set(tensor, place);
    }
    fillWithZeros(places);
    return { path, bytes: file.size, proto, places, functions: functions.map(describeFunction) };
  } catch (error) {
    if (error instanceof DistilleryError) throw error;
    throw new DistilleryError('BAD_FILE', cutOff().message, { cause: error, hint: cutOff().hint ?? '' });
  } finally {
    file.close();
  }
}

/** Every tensor that a graph stores: initializers and attributes, nested graphs included. */
function* tensorsOf(graph: GraphProto): Generator<TensorProto> {
  yield* graph.initializer;
  for (const node of graph.node) {
    for (const attribute of node.attribute) {
      if (attribute.t) yield attribute.t;
      for (const nested of [...(attribute.g ? [attribute.g] : []), ...attribute.graphs]) yield* tensorsOf(nested);
    }
  }
}

function placeOf(tensor: TensorProto, path: string, key: string): TensorPlace | undefined {
  const entries = new Map(tensor.externalData.map((entry) => [entry.key, entry.value]));
  const own = parseStretch(entries.get(key) ?? '');
  if (own) {
    tensor.externalData = [];
    const expected = rawByteLength(tensor);
    const isFixed = own.field === 9 || own.field === 4 || own.field === 10;
    const isWrong = isFixed
      ? expected !== undefined && own.length !== expected
      : elementCount(dimensionsOfProto(tensor)) > own.length;
    if (isWrong) {
      throw new DistilleryError(
        'BAD_FILE',
        `Tensor '${tensor.name}' of shape [${tensor.dims.join(', ')}] has ${own.length} bytes instead of ${expected ?? 'as many as its shape says'}; the file is damaged.`,
      );
    }
    return { ...own, path, external: null };
  }
  if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) return undefined;
  const location = entries.get('location') ?? '';
  tensor.externalData = [];
  tensor.dataLocation = TensorProto_DataLocation.DEFAULT;
  return {
    path: join(dirname(path), location),
    external: location,
    field: 9,
    offset: Number(entries.get('offset') ?? 0),
    length: rawByteLength(tensor) ?? Number(entries.get('length') ?? 0),
  };
}

/** Importing a graph wants tensors of the right lengths. The system gives memory that nobody touches no place. */
function fillWithZeros(places: ReadonlyMap<TensorProto, TensorPlace>): void {
  const lengths = [...places.keys()].map((tensor) => rawByteLength(tensor) ?? 0);
  const zeros = new Uint8Array(Math.max(0, ...lengths));
  for (const tensor of places.keys()) tensor.rawData = zeros.subarray(0, rawByteLength(tensor) ?? 0);
}

/**
 * Refuses external data that lies outside of the model's folder, also by a link.
 * @returns its size in bytes; null when there is none
 * @throws DistilleryError `BAD_FILE`
 */
export function externalSize(modelPath: string, location: string): number | null {
  const folder = dirname(modelPath);
  const outside = (to: string): boolean => /^\.\.([\\/]|$)/.test(to) || isAbsolute(to);
  const refuse = (): never => {
    throw new DistilleryError(
      'BAD_FILE',
      `The model keeps data in '${location}', outside of its folder; that is refused.`,
      {
        hint: 'External data must lie beside the model.',
      },
    );
  };
  if (location === '' || isAbsolute(location) || outside(relative(folder, join(folder, location)))) refuse();
  try {
    const target = realpathSync(join(folder, location));
    const homes = [realpathSync(folder), dirname(realpathSync(modelPath))];
    if (homes.every((home) => outside(relative(home, target)))) refuse();
    const found = statSync(target);
    return found.isFile() ? found.size : null;
  } catch (error) {
    if (error instanceof DistilleryError) throw error;
    return null;
  }
}

/** FunctionProto, by its fields: ONNX's own schema is read here without it. */
function describeFunction(bytes: Uint8Array): FunctionDescription {
  const reader = new BinaryReader(bytes);
  let name = '';
  let domain = '';
  const inputs: string[] = [];
  const outputs: string[] = [];
  const operators: string[] = [];
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    switch (field) {
      case 1:
        name = reader.string();
        break;
      case 4:
        inputs.push(reader.string());
        break;
      case 5:
        outputs.push(reader.string());
        break;
      case 7:
        operators.push(fromBinary(NodeProtoSchema, reader.bytes()).opType);
        break;
      case 10:
        domain = reader.string();
        break;
      default:
        reader.skip(wire, field);
    }
  }
  return { name, domain, inputs, outputs, operators };
}
