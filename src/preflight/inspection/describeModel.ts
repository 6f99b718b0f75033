import { loadModel } from '../../onnx/file.ts';
import { inspectModel } from '../../onnx/inspect.ts';
import type { ModelFacts } from '../../protocol/experimentFacts.ts';

/** What a model is by its file. @throws DistilleryError when it cannot be read */
export async function describeModel(path: string): Promise<ModelFacts> {
  const { bytes, inputs, outputs, opsets, parameters, macs } = inspectModel(await loadModel(path));
  return {
    takes: inputs.map(({ shape }) => shape.slice(1)),
    gives: outputs.map(({ shape }) => shape.slice(1)),
    parameters,
    macs,
    bytes,
    opset: opsets['ai.onnx'] ?? null,
  };
}
