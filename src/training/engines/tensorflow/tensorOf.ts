import { DistilleryError } from '../../../errors.ts';
import { toNumbers, type DataType, type Tensor as OnnxTensor } from '../../../onnx/tensor.ts';
import type { Tensor, TensorFlow } from './tensorflow.ts';

/** TensorFlow.js's name of an element type: it has one type of integers and one of floats. */
export function tensorflowType(type: DataType): 'float32' | 'int32' | 'bool' {
  switch (type) {
    case 'float32':
    case 'float16':
    case 'float64':
      return 'float32';
    case 'int64':
    case 'int32':
    case 'int16':
    case 'int8':
    case 'uint64':
    case 'uint32':
    case 'uint16':
    case 'uint8':
      return 'int32';
    case 'bool':
      return 'bool';
    case 'string':
      throw new DistilleryError('UNSUPPORTED', 'The TensorFlow engine has no strings.');
  }
}

/** A tensor of an ONNX file as one of TensorFlow.js. Integers beyond int32 become its limits. */
export function tensorOf(tf: TensorFlow, tensor: OnnxTensor): Tensor {
  const shape = [...tensor.shape];
  if (tensor.data instanceof Float32Array) return tf.tensor(tensor.data.slice(), shape, 'float32');
  const numbers = toNumbers(tensor);
  const type = tensorflowType(tensor.type);
  if (type === 'float32') return tf.tensor(Float32Array.from(numbers), shape, type);
  if (type === 'bool') return tf.tensor(Uint8Array.from(numbers), shape, type);
  return tf.tensor(Int32Array.from(numbers, clampToInt32), shape, type);
}

function clampToInt32(value: number): number {
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, value));
}
