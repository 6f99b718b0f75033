import type { EngineOptions, TrainingEngine } from './engine.ts';
import { OnnxRuntimeEngine } from './onnxruntimeEngine.ts';
import type { SessionShelf } from './sessionShelf.ts';
import { loadTensorflow } from './tensorflow/loadTensorflow.ts';
import { TensorflowEngine } from './tensorflow/tensorflowEngine.ts';

/** What does the optimisation steps. */
export type EngineName = 'onnxruntime' | 'tensorflow';

/**
 * Makes the engine of a name ready to train a network. The caller disposes of it.
 * @param shelf what compiled sessions are taken from and given back to, where the engine has such
 * @throws DistilleryError `UNSUPPORTED` when the engine is not installed
 */
export async function openEngine(
  name: EngineName,
  options: EngineOptions,
  shelf?: SessionShelf,
): Promise<TrainingEngine> {
  switch (name) {
    case 'onnxruntime':
      return OnnxRuntimeEngine.open(options, shelf);
    case 'tensorflow':
      return new TensorflowEngine(loadTensorflow(), options);
  }
}
