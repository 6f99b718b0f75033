import { InferenceSession, Tensor } from '../../src/platform/onnxRuntime.ts';
import { exportModel } from '../../src/onnx/exporting/exportModel.ts';
import { encodeModel } from '../../src/onnx/file.ts';
import type { Graph } from '../../src/onnx/graph.ts';
import { arrayOf, type NumberArray } from './reference/array.ts';

/** A graph that is open in ONNX Runtime. */
export interface OpenRun {
  /** Every graph output by name, for these inputs. */
  compute(inputs: ReadonlyMap<string, NumberArray>): Promise<Map<string, NumberArray>>;
  release(): Promise<void>;
}

/** Opens a graph whose inputs are float32 or int64 in ONNX Runtime, on one thread of the CPU or on a GPU. */
export async function openRun(graph: Graph, provider: 'cpu' | 'webgpu' = 'cpu'): Promise<OpenRun> {
  const session = await InferenceSession.create(encodeModel(exportModel(graph, { name: 'test' })), {
    executionProviders: [provider],
    intraOpNumThreads: 1,
    logSeverityLevel: 4,
  });
  return {
    async compute(inputs) {
      const feeds = Object.fromEntries(
        graph.inputs.map(({ name, type }) => {
          const array = inputs.get(name);
          if (!array) throw new Error(`No data for the graph input '${name}'.`);
          return [
            name,
            type === 'int64'
              ? new Tensor(type, BigInt64Array.from(array.data, BigInt), array.shape)
              : new Tensor('float32', Float32Array.from(array.data), array.shape),
          ];
        }),
      );
      const results = await session.run(feeds);
      return new Map(
        Object.entries(results).map(([name, tensor]) => [
          name,
          arrayOf(tensor.dims, Array.from(tensor.data as ArrayLike<number | bigint>, Number)),
        ]),
      );
    },
    release: () => session.release(),
  };
}

/**
 * Runs a graph once, as `openRun` does.
 * @returns every graph output by name
 */
export async function runGraph(
  graph: Graph,
  inputs: ReadonlyMap<string, NumberArray>,
  provider: 'cpu' | 'webgpu' = 'cpu',
): Promise<Map<string, NumberArray>> {
  const run = await openRun(graph, provider);
  try {
    return await run.compute(inputs);
  } finally {
    await run.release();
  }
}
