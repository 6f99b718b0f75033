import { DistilleryError } from '../errors.ts';

/** Element types that Distillery works with, named as ONNX Runtime names them. */
export type DataType =
  | 'float32'
  | 'float64'
  | 'float16'
  | 'int64'
  | 'int32'
  | 'int16'
  | 'int8'
  | 'uint64'
  | 'uint32'
  | 'uint16'
  | 'uint8'
  | 'bool'
  | 'string';

/** Dimensions of a tensor whose size is known. */
export type Dimensions = readonly number[];

/** A dimension is a number, or the name of one that is chosen when the model runs (`batch`). */
export type Dimension = number | string;

/** Dimensions of a value in a graph. */
export type Shape = readonly Dimension[];

/** Storage of a tensor. float16 is kept as its bits, bool as 0 and 1. */
export type TensorData =
  | Float32Array
  | Float64Array
  | BigInt64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | BigUint64Array
  | Uint32Array
  | Uint16Array
  | Uint8Array
  | readonly string[];

/** A dense, row-major array with its type and dimensions. */
export interface Tensor {
  readonly type: DataType;
  readonly shape: Dimensions;
  readonly data: TensorData;
}

/** A tensor of float32. */
export interface FloatTensor extends Tensor {
  readonly type: 'float32';
  readonly data: Float32Array;
}

/** A tensor of int64. */
export interface IntTensor extends Tensor {
  readonly type: 'int64';
  readonly data: BigInt64Array;
}

/** Number of elements of the given dimensions (1 for a scalar). */
export function elementCount(shape: Dimensions): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/** Bytes of a tensor's elements; a symbolic dimension counts once. Of texts only a runtime knows: 0. */
export function byteCount({ type, shape }: { readonly type: DataType; readonly shape: Shape }): number {
  const elements = shape.reduce<number>((product, size) => product * (typeof size === 'number' ? size : 1), 1);
  return elements * bytesOfElement[type];
}

const bytesOfElement: Readonly<Record<DataType, number>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint64: 8,
  uint32: 4,
  uint16: 2,
  uint8: 1,
  bool: 1,
  string: 0,
};

/** A float32 tensor. Without `shape` it has one dimension; a plain number makes a scalar. */
export function floatTensor(data: number | ArrayLike<number>, shape?: Dimensions): FloatTensor {
  if (typeof data === 'number') return { type: 'float32', shape: shape ?? [], data: Float32Array.of(data) };
  const values = data instanceof Float32Array ? data : Float32Array.from(data);
  return { type: 'float32', shape: checkedShape(values.length, shape), data: values };
}

/** An int64 tensor. Without `shape` it has one dimension; a plain number makes a scalar. */
export function intTensor(data: number | readonly number[], shape?: Dimensions): IntTensor {
  if (typeof data === 'number') return { type: 'int64', shape: shape ?? [], data: BigInt64Array.of(toInt64(data)) };
  const values = BigInt64Array.from(data, toInt64);
  return { type: 'int64', shape: checkedShape(values.length, shape), data: values };
}

/** The elements of a numeric tensor as ordinary numbers (float16 is decoded). */
export function toNumbers(tensor: Tensor): number[] {
  if (tensor.type === 'float16') return Array.from(tensor.data as Uint16Array, decodeFloat16);
  return Array.from(tensor.data as ArrayLike<number | bigint>, Number);
}

/** The float32 elements of a tensor. @throws DistilleryError when it holds another type. */
export function floatData(tensor: Tensor): Float32Array {
  if (tensor.data instanceof Float32Array) return tensor.data;
  throw new DistilleryError('INTERNAL', `Expected a float32 tensor, got ${tensor.type}.`);
}

/** A whole number as an int64; what lies beyond int64 (which stands for "to the end" in slices) becomes its limit. */
export function toInt64(value: number): bigint {
  if (value >= 2 ** 63) return 2n ** 63n - 1n;
  if (value <= -(2 ** 63)) return -(2n ** 63n);
  return BigInt(value);
}

/** IEEE 754 binary16 bits → number. */
export function decodeFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function checkedShape(length: number, shape: Dimensions = [length]): Dimensions {
  if (elementCount(shape) !== length) {
    throw new DistilleryError('INTERNAL', `${length} elements do not fill a tensor of shape [${shape.join(', ')}].`);
  }
  return shape;
}
