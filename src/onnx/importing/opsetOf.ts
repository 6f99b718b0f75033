import { DistilleryError } from '../../errors.ts';
import { OPSET } from '../graph.ts';
import type { ModelProto } from '../onnx_pb.ts';

/** The oldest operator set that can be read: ONNX Runtime knows none before it. */
const oldestOpset = 7;

/** Version of the standard operators that a model uses. @throws DistilleryError `UNSUPPORTED` when it is too old. */
export function opsetOf(model: ModelProto): number {
  const entry = model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx');
  const version = entry ? Number(entry.version) : OPSET;
  if (version < oldestOpset) {
    throw new DistilleryError(
      'UNSUPPORTED',
      `The model uses operator set ${version}; the oldest supported is ${oldestOpset}.`,
      {
        hint: `ONNX Runtime knows no older one either. Export it again with opset ${oldestOpset} or newer, or convert it (onnx.version_converter).`,
      },
    );
  }
  return version;
}
