import { DistilleryError } from '../../errors.ts';
import { toInt64, type DataType, type Dimensions, type Tensor, type TensorData } from '../tensor.ts';

/**
 * A tensor of these numbers, converted as ONNX `Cast` does: integers are cut towards zero, booleans are 1 for any other
 * number than 0.
 * @throws DistilleryError `INTERNAL` for types without a conversion
 */
export function tensorOf(type: DataType, numbers: readonly number[], shape: Dimensions): Tensor {
  return { type, shape, data: dataOf(type, numbers) };
}

function dataOf(type: DataType, numbers: readonly number[]): TensorData {
  switch (type) {
    case 'float32':
      return Float32Array.from(numbers);
    case 'float64':
      return Float64Array.from(numbers);
    case 'int64':
      return BigInt64Array.from(numbers, (value) => toInt64(Math.trunc(value)));
    case 'uint64':
      return BigUint64Array.from(numbers, (value) => BigInt(Math.trunc(value)));
    case 'int32':
      return Int32Array.from(numbers);
    case 'uint32':
      return Uint32Array.from(numbers);
    case 'int16':
      return Int16Array.from(numbers);
    case 'uint16':
      return Uint16Array.from(numbers);
    case 'int8':
      return Int8Array.from(numbers);
    case 'uint8':
      return Uint8Array.from(numbers);
    case 'bool':
      return Uint8Array.from(numbers, (value) => (value === 0 ? 0 : 1));
    case 'float16':
    case 'string':
      throw new DistilleryError('INTERNAL', `Tensors of ${type} are not computed.`);
  }
}
