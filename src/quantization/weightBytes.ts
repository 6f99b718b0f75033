import type { ModelProto } from '../onnx/onnx_pb.ts';
import { decodeTensor } from '../onnx/tensorProto.ts';

/** Bytes of the weights of a model with all that belongs to them, scales and biases among them; shapes and axes are not counted. */
export function weightBytes(model: ModelProto): number {
  return (model.graph?.initializer ?? []).reduce((sum, stored) => {
    const { type, data } = decodeTensor(stored);
    const isCounted = type !== 'int64' && type !== 'string' && type !== 'bool' && ArrayBuffer.isView(data);
    return isCounted ? sum + data.byteLength : sum;
  }, 0);
}
