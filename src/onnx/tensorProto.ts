import { create } from '@bufbuild/protobuf';
import { DistilleryError } from '../errors.ts';
import { TensorProto_DataLocation, TensorProtoSchema, type TensorProto } from './onnx_pb.ts';
import { elementCount, type DataType, type Tensor, type TensorData } from './tensor.ts';

/** How one element type is stored: its number in the file format, bytes per element (0 for strings). */
interface Encoding {
  readonly code: number;
  readonly type: DataType;
  readonly bytes: number;
}

const encodings: readonly Encoding[] = [
  { code: 1, type: 'float32', bytes: 4 },
  { code: 2, type: 'uint8', bytes: 1 },
  { code: 3, type: 'int8', bytes: 1 },
  { code: 4, type: 'uint16', bytes: 2 },
  { code: 5, type: 'int16', bytes: 2 },
  { code: 6, type: 'int32', bytes: 4 },
  { code: 7, type: 'int64', bytes: 8 },
  { code: 8, type: 'string', bytes: 0 },
  { code: 9, type: 'bool', bytes: 1 },
  { code: 10, type: 'float16', bytes: 2 },
  { code: 11, type: 'float64', bytes: 8 },
  { code: 12, type: 'uint32', bytes: 4 },
  { code: 13, type: 'uint64', bytes: 8 },
];
const byCode = new Map(encodings.map((encoding) => [encoding.code, encoding]));
const byType = new Map(encodings.map((encoding) => [encoding.type, encoding]));

/** Names and bits of element types that the file format has and graphs do not; elements of fewer than 8 bits share bytes. */
const otherTypes: Readonly<Record<number, { readonly name: string; readonly bits: number }>> = {
  14: { name: 'complex64', bits: 64 },
  15: { name: 'complex128', bits: 128 },
  16: { name: 'bfloat16', bits: 16 },
  17: { name: 'float8e4m3fn', bits: 8 },
  18: { name: 'float8e4m3fnuz', bits: 8 },
  19: { name: 'float8e5m2', bits: 8 },
  20: { name: 'float8e5m2fnuz', bits: 8 },
  21: { name: 'uint4', bits: 4 },
  22: { name: 'int4', bits: 4 },
  23: { name: 'float4e2m1', bits: 4 },
  24: { name: 'float8e8m0', bits: 8 },
  25: { name: 'uint2', bits: 2 },
  26: { name: 'int2', bits: 2 },
};

/**
 * The element type that number `code` of TensorProto.DataType stands for; `owner` is named in the error.
 * @throws DistilleryError `UNSUPPORTED` for types such as bfloat16, `BAD_FILE` for numbers without meaning.
 */
export function dataTypeOf(code: number, owner: string): DataType {
  const encoding = byCode.get(code);
  if (encoding) return encoding.type;
  const other = otherTypes[code];
  if (other) throw new DistilleryError('UNSUPPORTED', `${owner} has element type ${other.name}.`);
  throw new DistilleryError('BAD_FILE', `${owner} has no valid element type (${code}).`);
}

/** What number `code` of TensorProto.DataType stands for, worked with or not. */
export function typeNameOf(code: number): string {
  return byCode.get(code)?.type ?? otherTypes[code]?.name ?? `type ${code}`;
}

/** The number of an element type in TensorProto.DataType. */
export function dataTypeCode(type: DataType): number {
  return encodingOf(type).code;
}

/**
 * Dimensions of a stored tensor.
 * @throws DistilleryError `BAD_FILE` when one is negative or too large to count.
 */
export function dimensionsOfProto(proto: TensorProto): number[] {
  return proto.dims.map((dimension) => {
    const size = Number(dimension);
    if (size < 0 || !Number.isSafeInteger(size)) {
      throw new DistilleryError('BAD_FILE', `Tensor '${proto.name}' has the impossible dimension ${size}.`);
    }
    return size;
  });
}

/** Bytes that the raw data of a stored tensor must have; undefined for strings and for numbers of no element type. */
export function rawByteLength(proto: TensorProto): number | undefined {
  const encoding = byCode.get(proto.dataType);
  if (encoding?.type === 'string') return undefined;
  const bits = encoding ? 8 * encoding.bytes : otherTypes[proto.dataType]?.bits;
  return bits === undefined ? undefined : Math.ceil((elementCount(dimensionsOfProto(proto)) * bits) / 8);
}

/**
 * Checks that as many elements are stored as the dimensions ask for. Tensors in external files pass.
 * @throws DistilleryError `BAD_FILE` naming the tensor.
 */
export function checkTensorLength(proto: TensorProto): void {
  const expected = elementCount(dimensionsOfProto(proto));
  if (proto.externalData.length > 0 || proto.dataLocation === TensorProto_DataLocation.EXTERNAL) return;
  const raw = rawByteLength(proto);
  if (proto.rawData.length > 0) {
    if (raw !== undefined && proto.rawData.length !== raw) {
      throw wrongLength(proto, `${proto.rawData.length} bytes instead of ${raw}`);
    }
    return;
  }
  const encoding = byCode.get(proto.dataType);
  if (!encoding) return;
  const stored = storedField(proto, encoding.type).length;
  if (stored !== expected) throw wrongLength(proto, `${stored} elements instead of ${expected}`);
}

/**
 * A stored tensor as a tensor in memory. The data are a view of the file's bytes where alignment allows it.
 * @throws DistilleryError `BAD_FILE` or `UNSUPPORTED` naming the tensor.
 */
export function decodeTensor(proto: TensorProto): Tensor {
  const type = dataTypeOf(proto.dataType, `Tensor '${proto.name}'`);
  checkTensorLength(proto);
  const shape = dimensionsOfProto(proto);
  if (proto.rawData.length > 0) return { type, shape, data: decodeRaw(type, proto.rawData) };
  return { type, shape, data: decodeFields(type, proto) };
}

/**
 * The numbers of a stored tensor of bfloat16, the upper halves of float32.
 * @throws DistilleryError `BAD_FILE` where there are more or fewer than its dimensions ask for
 */
export function decodeBfloat16(proto: TensorProto): Float32Array {
  const count = elementCount(dimensionsOfProto(proto));
  const { rawData, int32Data } = proto;
  if ((rawData.length > 0 ? rawData.length / 2 : int32Data.length) !== count) {
    throw wrongLength(
      proto,
      `${rawData.length > 0 ? rawData.length / 2 : int32Data.length} elements instead of ${count}`,
    );
  }
  const bits =
    rawData.length > 0
      ? Uint32Array.from(
          { length: count },
          (_, at) => (((rawData[2 * at + 1] ?? 0) << 8) | (rawData[2 * at] ?? 0)) << 16,
        )
      : Uint32Array.from(int32Data, (value) => value << 16);
  return new Float32Array(bits.buffer);
}

/** A tensor in the form in which it is stored: little-endian raw data, strings as bytes. */
export function encodeTensor(name: string, tensor: Tensor): TensorProto {
  const proto = create(TensorProtoSchema, {
    dims: tensor.shape.map((dimension) => BigInt(dimension)),
    dataType: dataTypeCode(tensor.type),
  });
  if (name !== '') proto.name = name;
  if (isNumeric(tensor.data)) {
    proto.rawData = new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
  } else {
    const encoder = new TextEncoder();
    proto.stringData = tensor.data.map((value) => encoder.encode(value));
  }
  return proto;
}

/** Typed storage for `length` elements, or over the given bytes. */
function decodeRaw(type: DataType, raw: Uint8Array): TensorData {
  const { bytes } = encodingOf(type);
  // slice() of a Buffer would be a view again.
  const aligned = raw.byteOffset % Math.max(bytes, 1) === 0 ? raw : new Uint8Array(raw);
  const args = [
    aligned.buffer as ArrayBuffer,
    aligned.byteOffset,
    bytes === 0 ? 0 : aligned.byteLength / bytes,
  ] as const;
  switch (type) {
    case 'float32':
      return new Float32Array(...args);
    case 'float64':
      return new Float64Array(...args);
    case 'int64':
      return new BigInt64Array(...args);
    case 'uint64':
      return new BigUint64Array(...args);
    case 'int32':
      return new Int32Array(...args);
    case 'uint32':
      return new Uint32Array(...args);
    case 'int16':
      return new Int16Array(...args);
    case 'uint16':
    case 'float16':
      return new Uint16Array(...args);
    case 'int8':
      return new Int8Array(...args);
    case 'uint8':
    case 'bool':
      return new Uint8Array(...args);
    case 'string':
      throw new DistilleryError('BAD_FILE', 'A tensor of strings cannot have raw data.');
  }
}

/** The typed repeated fields that are used where there is no raw data. */
function decodeFields(type: DataType, proto: TensorProto): TensorData {
  switch (type) {
    case 'float32':
      return Float32Array.from(proto.floatData);
    case 'float64':
      return Float64Array.from(proto.doubleData);
    case 'int64':
      return BigInt64Array.from(proto.int64Data);
    case 'uint64':
      return BigUint64Array.from(proto.uint64Data);
    case 'uint32':
      return Uint32Array.from(proto.uint64Data, Number);
    case 'int32':
      return Int32Array.from(proto.int32Data);
    case 'int16':
      return Int16Array.from(proto.int32Data);
    case 'uint16':
    case 'float16':
      return Uint16Array.from(proto.int32Data);
    case 'int8':
      return Int8Array.from(proto.int32Data);
    case 'uint8':
    case 'bool':
      return Uint8Array.from(proto.int32Data);
    case 'string': {
      const decoder = new TextDecoder();
      return proto.stringData.map((bytes) => decoder.decode(bytes));
    }
  }
}

function storedField(proto: TensorProto, type: DataType): { readonly length: number } {
  switch (type) {
    case 'float32':
      return proto.floatData;
    case 'float64':
      return proto.doubleData;
    case 'int64':
      return proto.int64Data;
    case 'uint64':
    case 'uint32':
      return proto.uint64Data;
    case 'string':
      return proto.stringData;
    case 'int32':
    case 'int16':
    case 'uint16':
    case 'float16':
    case 'int8':
    case 'uint8':
    case 'bool':
      return proto.int32Data;
  }
}

function encodingOf(type: DataType): Encoding {
  const encoding = byType.get(type);
  if (!encoding) throw new DistilleryError('INTERNAL', `Element type ${type} has no encoding.`);
  return encoding;
}

function isNumeric(data: TensorData): data is Exclude<TensorData, readonly string[]> {
  return !Array.isArray(data);
}

function wrongLength(proto: TensorProto, difference: string): DistilleryError {
  return new DistilleryError(
    'BAD_FILE',
    `Tensor '${proto.name}' of shape [${proto.dims.join(', ')}] has ${difference}; the file is damaged.`,
  );
}
