import { InferenceSession, Tensor } from 'onnxruntime-node';
import { exportModel } from '../../src/onnx/export.ts';
import { encodeModel } from '../../src/onnx/file.ts';
import type { Graph } from '../../src/onnx/graph.ts';
import { arrayOf, type NumberArray } from './reference/array.ts';

/**
 * Runs a graph whose inputs are float32 in ONNX Runtime, on one thread of the CPU or on a GPU.
 * @returns every graph output by name
 */
export async function runGraph(
  graph: Graph,
  inputs: ReadonlyMap<string, NumberArray>,
  provider: 'cpu' | 'webgpu' = 'cpu',
): Promise<Map<string, NumberArray>> {
  const session = await InferenceSession.create(encodeModel(exportModel(graph, { name: 'test' })), {
    executionProviders: [provider],
    intraOpNumThreads: 1,
    logSeverityLevel: 4,
  });
  try {
    const feeds = Object.fromEntries(
      graph.inputs.map(({ name }) => {
        const array = inputs.get(name);
        if (!array) throw new Error(`No data for the graph input '${name}'.`);
        return [name, new Tensor('float32', Float32Array.from(array.data), array.shape)];
      }),
    );
    const results = await session.run(feeds);
    return new Map(
      Object.entries(results).map(([name, tensor]) => [
        name,
        arrayOf(tensor.dims, Array.from(tensor.data as ArrayLike<number | bigint>, Number)),
      ]),
    );
  } finally {
    await session.release();
  }
}
