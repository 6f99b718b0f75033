import type { InferenceSession } from 'onnxruntime-node';
import { encodeModel } from '../../onnx/file.ts';
import { exportModel } from '../../onnx/exporting/exportModel.ts';
import type { Graph } from '../../onnx/graph.ts';
import { findBlockSize } from '../lowering/blocks/findBlockSize.ts';
import { hasHalves, lowerHalves } from '../lowering/halves/lowerHalves.ts';
import { lowerGraph } from '../lowering/lowerGraph.ts';
import { recomputeActivations, type RecomputeOptions } from '../recompute/recomputeActivations.ts';
import { repeatSteps, type CarriedValue } from './repeatSteps.ts';
import { openSession, type SessionOptions } from './session.ts';

/** What is made of a training step before it is opened. */
export interface StepForm {
  /** Makes it forget activations and compute them again. */
  readonly recompute?: RecomputeOptions | undefined;
  /** Makes it do any number of steps in one run, which carry these values on; by default a run is one step. */
  readonly carried?: readonly CarriedValue[] | undefined;
}

/** Opens a session on a graph, brought into the form that is fastest on the device. */
export async function openGraph(
  graph: Graph,
  options: SessionOptions,
  { recompute, carried }: StepForm = {},
): Promise<InferenceSession> {
  const isCpu = options.device === 'cpu';
  // Blocked convolutions are of float32 only.
  const block = isCpu && !hasHalves(graph) ? await findBlockSize() : undefined;
  const lowered = lowerHalves(lowerGraph(graph, block), isCpu ? 'cpu' : 'accelerator');
  const whole = recompute ? recomputeActivations(lowered, recompute) : lowered;
  const model = exportModel(whole, { name: 'distillery' });
  return openSession(encodeModel(carried ? repeatSteps(model, carried) : model), options);
}
