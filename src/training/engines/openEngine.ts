import type { EngineOptions, TrainingEngine } from './engine.ts';
import { OnnxRuntimeEngine } from './onnxruntimeEngine.ts';
import { loadTensorflow } from './tensorflow/loadTensorflow.ts';
import { TensorflowEngine } from './tensorflow/tensorflowEngine.ts';

/** What does the optimisation steps. */
export type EngineName = 'onnxruntime' | 'tensorflow';

/**
 * Makes the engine of a name ready to train a network. The caller disposes of it.
 * @throws DistilleryError `UNSUPPORTED` when the engine is not installed
 */
export async function openEngine(name: EngineName, options: EngineOptions): Promise<TrainingEngine> {
  switch (name) {
    case 'onnxruntime':
      return OnnxRuntimeEngine.open(options);
    case 'tensorflow':
      return new TensorflowEngine(loadTensorflow(), options);
  }
}
