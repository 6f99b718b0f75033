import { createRequire } from 'node:module';
import type * as runtime from 'onnxruntime-node';
import { silenceTelemetry } from './silenceTelemetry.ts';

// The one place that loads ONNX Runtime. Not an import: imports run before the first line of a program, and the library reads its
// environment when it loads.
silenceTelemetry();
const loaded = createRequire(import.meta.url)('onnxruntime-node') as typeof runtime;

export const { InferenceSession, Tensor, env, listSupportedBackends } = loaded;
export type InferenceSession = runtime.InferenceSession;
export type Tensor = runtime.Tensor;
