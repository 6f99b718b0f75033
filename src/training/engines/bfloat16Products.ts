import { encodeModel } from '../../onnx/file.ts';
import { exportModel } from '../../onnx/exporting/exportModel.ts';
import { Graph } from '../../onnx/graph.ts';
import type { DeviceName } from '../../protocol/events.ts';
import type { TrainingPrecision } from '../precision/trainingPrecision.ts';
import { closeSession, openSession, runtimeTensor } from './session.ts';

/** Rows, what is summed over, and columns: as long a sum as is divided, in as many columns as are computed rightly. */
const [ROWS, INNER, COLUMNS] = [128, 600, 96];
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

/**
 * Multiplies a matrix of numbers that bfloat16 lacks by one that adds up every 96th: sums that are whole are those of the rounded numbers, all of
 * them.
 */
async function probe(): Promise<boolean> {
  const graph = new Graph();
  const left = graph.input('left', 'float32', [ROWS, INNER]);
  const right = graph.input('right', 'float32', [INNER, COLUMNS]);
  graph.output(graph.op('MatMul', [left, right]), 'product');
  const model = encodeModel(exportModel(graph, { name: 'probe' }));
  const session = await openSession(model, { device: 'cpu', multipliesInBfloat16: true });
  try {
    const chooses = Float32Array.from({ length: INNER * COLUMNS }, (_, index) =>
      Math.floor(index / COLUMNS) % COLUMNS === index % COLUMNS ? 1 : 0,
    );
    const { product } = await session.run({
      left: runtimeTensor(new Float32Array(ROWS * INNER).fill(BETWEEN), [ROWS, INNER]),
      right: runtimeTensor(chooses, [INNER, COLUMNS]),
    });
    const sums = product?.data;
    return (
      sums instanceof Float32Array &&
      sums.every((sum, index) => sum === Math.ceil((INNER - (index % COLUMNS)) / COLUMNS))
    );
  } finally {
    await closeSession(session);
  }
}
