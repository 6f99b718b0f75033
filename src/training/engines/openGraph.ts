import type { InferenceSession } from 'onnxruntime-node';
import { encodeModel } from '../../onnx/file.ts';
import { exportModel } from '../../onnx/export.ts';
import type { Graph } from '../../onnx/graph.ts';
import { findBlockSize } from '../lowering/blocks/findBlockSize.ts';
import { lowerGraph } from '../lowering/lowerGraph.ts';
import { recomputeActivations, type RecomputeOptions } from '../recompute/recomputeActivations.ts';
import { openSession, type SessionOptions } from './session.ts';

/**
 * Opens a session on a graph, brought into the form that is fastest on the device.
 * @param recompute makes a training step forget activations and compute them again
 */
export async function openGraph(
  graph: Graph,
  options: SessionOptions,
  recompute?: RecomputeOptions,
): Promise<InferenceSession> {
  const block = options.device === 'cpu' ? await findBlockSize() : undefined;
  const lowered = lowerGraph(graph, block);
  const whole = recompute ? recomputeActivations(lowered, recompute) : lowered;
  return openSession(encodeModel(exportModel(whole, { name: 'distillery' })), options);
}
