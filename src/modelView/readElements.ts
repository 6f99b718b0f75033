import { create } from '@bufbuild/protobuf';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { DistilleryError } from '../errors.ts';
import { TensorProtoSchema, type TensorProto } from '../onnx/onnx_pb.ts';
import { decodeFloat16, elementCount, toNumbers } from '../onnx/tensor.ts';
import { decodeTensor, dimensionsOfProto, rawByteLength, typeNameOf } from '../onnx/tensorProto.ts';
import { FileWindow } from './fileWindow.ts';
import { externalSize, type OpenModel, type TensorPlace } from './openModel.ts';

/** Elements that are decoded at once. */
const PART = 1 << 20;
const BFLOAT16 = 16;
const RAW_DATA = 9;
const FLOAT_DATA = 4;
const DOUBLE_DATA = 10;

/** Elements of a tensor as numbers, in parts. */
export type Elements = Generator<ArrayLike<number>, void, void>;

/**
 * The elements of a stored tensor, read part by part.
 * @throws DistilleryError `UNSUPPORTED` for strings and element types that have no numbers, `FILE_NOT_FOUND` and `BAD_FILE` as the files are
 */
export function* readElements(model: OpenModel, tensor: TensorProto): Elements {
  const place = model.places.get(tensor);
  const type = typeNameOf(tensor.dataType);
  if (type === 'string') throw new DistilleryError('UNSUPPORTED', `Tensor '${tensor.name}' holds texts, no numbers.`);
  if (!place) {
    if (tensor.dataType === BFLOAT16 && tensor.rawData.length > 0) yield decodeBfloat16(tensor.rawData);
    else yield toNumbers(decodeTensor(tensor));
    return;
  }
  if (place.external !== null) {
    const size = externalSize(model.path, place.external);
    if (size === null) {
      throw new DistilleryError(
        'FILE_NOT_FOUND',
        `The model keeps tensor '${tensor.name}' in '${place.path}', which cannot be read.`,
        {
          hint: 'Copy the external data file beside the model.',
        },
      );
    }
  }
  const file = new FileWindow(place.path);
  try {
    if (place.field === RAW_DATA || place.field === FLOAT_DATA || place.field === DOUBLE_DATA)
      yield* fixedParts(file, tensor, place);
    else yield* varints(file, tensor, place);
  } finally {
    file.close();
  }
}

function* fixedParts(file: FileWindow, tensor: TensorProto, place: TensorPlace): Elements {
  const count = elementCount(dimensionsOfProto(tensor));
  const bytesEach = tensor.dataType === BFLOAT16 ? 2 : (rawByteLength(tensor) ?? 0) / Math.max(count, 1);
  if (bytesEach === 0 && count > 0) {
    throw new DistilleryError(
      'UNSUPPORTED',
      `Tensor '${tensor.name}' has element type ${typeNameOf(tensor.dataType)}, which cannot be shown.`,
    );
  }
  for (let start = 0; start < count; start += PART) {
    const length = Math.min(PART, count - start);
    const bytes = file.bytes(place.offset + start * bytesEach, length * bytesEach);
    yield decodePart(tensor.dataType, bytes, length);
  }
}

function decodePart(dataType: number, bytes: Uint8Array, length: number): ArrayLike<number> {
  if (dataType === BFLOAT16) return decodeBfloat16(bytes);
  const part = create(TensorProtoSchema, { dims: [BigInt(length)], dataType, rawData: bytes });
  const { data, type } = decodeTensor(part);
  if (type === 'float16') return Float32Array.from(data as Uint16Array, decodeFloat16);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float64Array.from(data, Number);
  return data as ArrayLike<number>;
}

/** Integers that are stored one by one. They are few: weights are stored raw. */
function* varints(file: FileWindow, tensor: TensorProto, place: TensorPlace): Elements {
  const reader = new BinaryReader(file.bytes(place.offset, place.length));
  const isFloat16 = typeNameOf(tensor.dataType) === 'float16';
  while (reader.pos < reader.len) {
    const part: number[] = [];
    while (reader.pos < reader.len && part.length < PART) {
      const value = Number(place.field === 11 ? reader.uint64() : reader.int64());
      part.push(isFloat16 ? decodeFloat16(value) : value);
    }
    yield part;
  }
}

/** The upper half of a float32. */
function decodeBfloat16(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = new DataView(new ArrayBuffer(4));
  return Float32Array.from({ length: bytes.byteLength >> 1 }, (_, index) => {
    wide.setUint16(2, view.getUint16(2 * index, true), true);
    return wide.getFloat32(0, true);
  });
}
