import { InferenceSession, Tensor } from 'onnxruntime-node';
import { exportModel } from '../../src/onnx/export.ts';
import { encodeModel } from '../../src/onnx/file.ts';
import type { Graph } from '../../src/onnx/graph.ts';
import { arrayOf, type NumberArray } from './reference/array.ts';

/**
 * Runs a graph whose inputs are float32 in ONNX Runtime's CPU provider, on one thread.
 * @returns every graph output by name
 */
export async function runGraph(
  graph: Graph,
  inputs: ReadonlyMap<string, NumberArray>,
): Promise<Map<string, NumberArray>> {
  const session = await InferenceSession.create(encodeModel(exportModel(graph, { name: 'test' })), {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
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
