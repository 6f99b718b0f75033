import { encodeModel } from '../../onnx/file.ts';
import { exportModel } from '../../onnx/exporting/exportModel.ts';
import { Graph } from '../../onnx/graph.ts';
import type { DeviceName } from '../../protocol/events.ts';
import type { TrainingPrecision } from '../precision/trainingPrecision.ts';
import { closeSession, openSession, runtimeTensor } from './session.ts';

const SIDE = 8;
/** A number that float32 holds and bfloat16 rounds to 1. */
const BETWEEN = 1 + 2 ** -10;

let probed: Promise<boolean> | undefined;

/**
 * Whether products of matrices can be computed in bfloat16 here. What processors and builds of ONNX Runtime do is found out by a product, once
 * per process, and not from names: where they do not, ONNX Runtime takes the wish and computes in float32.
 */
export function hasBfloat16Products(): Promise<boolean> {
  probed ??= probe();
  return probed;
}

/** What a training is computed in on a device: where there are no products in bfloat16, that is float32. */
export async function precisionOn(device: DeviceName, wanted: TrainingPrecision): Promise<TrainingPrecision> {
  if (wanted !== 'bfloat16') return wanted;
  return device === 'cpu' && (await hasBfloat16Products()) ? wanted : 'float32';
}

/** Multiplies a matrix of numbers that bfloat16 lacks by the identity. */
async function probe(): Promise<boolean> {
  const graph = new Graph();
  const factors = ['left', 'right'].map((name) => graph.input(name, 'float32', [SIDE, SIDE]));
  graph.output(graph.op('MatMul', factors), 'product');
  const model = encodeModel(exportModel(graph, { name: 'probe' }));
  const session = await openSession(model, { device: 'cpu', multipliesInBfloat16: true });
  try {
    const identity = Float32Array.from({ length: SIDE * SIDE }, (_, index) => (index % (SIDE + 1) === 0 ? 1 : 0));
    const { product } = await session.run({
      left: runtimeTensor(new Float32Array(SIDE * SIDE).fill(BETWEEN), [SIDE, SIDE]),
      right: runtimeTensor(identity, [SIDE, SIDE]),
    });
    return product?.data[0] === 1;
  } finally {
    await closeSession(session);
  }
}
