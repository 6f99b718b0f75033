import { createHash } from 'node:crypto';
import type { InferenceSession } from 'onnxruntime-node';
import { encodeModel } from '../../onnx/file.ts';
import { exportModel } from '../../onnx/exporting/exportModel.ts';
import type { Graph } from '../../onnx/graph.ts';
import { byteCount } from '../../onnx/tensor.ts';
import { findBlockSize } from '../lowering/blocks/findBlockSize.ts';
import { hasHalves, lowerHalves } from '../lowering/halves/lowerHalves.ts';
import { lowerGraph } from '../lowering/lowerGraph.ts';
import { multiplyInBfloat16 } from '../lowering/multiplyInBfloat16.ts';
import { orderNodes } from '../lowering/orderNodes.ts';
import { lowerForWebgpu } from '../lowering/webgpu/lowerForWebgpu.ts';
import { recomputeCheap } from '../recompute/recomputeCheap.ts';
import { recomputeActivations, type RecomputeOptions } from '../recompute/recomputeActivations.ts';
import { repeatSteps, type CarriedValue } from './repeatSteps.ts';
import { openSession, sessionLayout, sessionThreads, type SessionOptions } from './session.ts';
import { MOST_KEPT_BYTES, type SessionShelf } from './sessionShelf.ts';

/** What is made of a training step before it is opened. */
export interface StepForm {
  /** Makes it forget activations and compute them again. */
  readonly recompute?: RecomputeOptions | undefined;
  /** Makes it do any number of steps in one run, which carry these values on; by default a run is one step. */
  readonly carried?: readonly CarriedValue[] | undefined;
  /** Name of the output that ends its forward pass, with which less is kept for the backward pass; by default a graph is no training step. */
  readonly loss?: string | undefined;
}

/**
 * Opens a session on a graph, brought into the form that is fastest on the device.
 * @param shelf where a session of the same graph may lie, and to which it is given back then; by default a new one is compiled
 */
export async function openGraph(
  graph: Graph,
  options: SessionOptions,
  form: StepForm = {},
  shelf?: SessionShelf,
): Promise<InferenceSession> {
  const bytes = bytesOf(graph);
  if (!shelf || bytes > MOST_KEPT_BYTES) return compile(graph, options, form);
  const { recompute, carried } = form;
  const names = carried?.map(({ name, next }) => [name, next]);
  const key = createHash('sha256')
    .update(encodeModel(exportModel(graph, { name: 'distillery' })))
    .update(JSON.stringify([options, recompute, names, sessionThreads(), sessionLayout()]))
    .digest('hex');
  return shelf.open(key, bytes, () => compile(graph, options, form));
}

async function compile(
  graph: Graph,
  options: SessionOptions,
  { recompute, carried, loss }: StepForm,
): Promise<InferenceSession> {
  const isCpu = options.device === 'cpu';
  const isRounded = options.multipliesInBfloat16 === true;
  // Blocked convolutions are of float32 only; under bfloat16 those that stand for sums and for the optimizer's products would be rounded, too.
  const block = isCpu && !isRounded && !hasHalves(graph) ? await findBlockSize() : undefined;
  const plain = lowerGraph(graph, block);
  const quick = isRounded ? multiplyInBfloat16(plain, sessionThreads()) : plain;
  const suited = options.device === 'webgpu' ? lowerForWebgpu(quick) : quick;
  const lowered = lowerHalves(suited, isCpu ? 'cpu' : 'accelerator');
  const isStepOnCpu = isCpu && loss !== undefined;
  const spared = isStepOnCpu ? recomputeCheap(lowered, loss) : lowered;
  const whole = recompute ? recomputeActivations(lowered, recompute) : spared;
  if (isStepOnCpu) orderNodes(whole);
  const model = exportModel(whole, { name: 'distillery' });
  return openSession(encodeModel(carried ? repeatSteps(model, carried) : model), options);
}

/** Bytes of constants and everything that is computed in a run, which ONNX Runtime keeps in part when the run is over. */
function bytesOf({ nodes, initializers }: Graph): number {
  const computed = nodes.flatMap(({ outputs }) => outputs.flatMap((value) => (value ? [value] : [])));
  return [...initializers.values(), ...computed].reduce((sum, tensor) => sum + byteCount(tensor), 0);
}
