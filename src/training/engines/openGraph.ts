import { createHash } from 'node:crypto';
import type { InferenceSession } from 'onnxruntime-node';
import { encodeModel } from '../../onnx/file.ts';
import { exportModel } from '../../onnx/exporting/exportModel.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Shape } from '../../onnx/tensor.ts';
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
  const whole = recompute
    ? recomputeActivations(lowered, recompute)
    : isCpu && loss
      ? spareMemory(lowered, loss)
      : lowered;
  const model = exportModel(whole, { name: 'distillery' });
  return openSession(encodeModel(carried ? repeatSteps(model, carried) : model), options);
}

/** Results are the same, and it takes no longer. */
function spareMemory(graph: Graph, loss: string): Graph {
  const spared = recomputeCheap(graph, loss);
  orderNodes(spared);
  return spared;
}

/** Of constants and everything that is computed in a run, which ONNX Runtime keeps in part when the run is over. */
function bytesOf({ nodes, initializers }: Graph): number {
  const shapes: Shape[] = [...initializers.values()].map(({ shape }) => shape);
  for (const { outputs } of nodes) for (const value of outputs) if (value) shapes.push(value.shape);
  return shapes.reduce((sum, shape) => sum + shape.reduce<number>((bytes, size) => bytes * (Number(size) || 1), 4), 0);
}
