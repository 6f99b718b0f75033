import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportModel } from '../../src/onnx/exporting/exportModel.ts';
import { encodeModel } from '../../src/onnx/file.ts';
import { dimensionsOf, type Graph } from '../../src/onnx/graph.ts';
import { elementCount } from '../../src/onnx/tensor.ts';
import { closeSession, openSession, runtimeTensor } from '../../src/training/engines/session.ts';

/** What ONNX Runtime computed of a graph. */
export interface Computed {
  /** The operators in their order, after all that it makes of the graph. */
  readonly order: readonly string[];
  readonly outputs: ReadonlyMap<string, Float32Array>;
}

/**
 * Runs a graph of float32 inputs with static shapes on the CPU.
 * @param fill the element of an input at an index
 */
export async function computeInOrder(graph: Graph, fill: (index: number) => number): Promise<Computed> {
  const folder = mkdtempSync(join(tmpdir(), 'distillery-test-'));
  try {
    const model = encodeModel(exportModel(graph, { name: 'profiled' }));
    const session = await openSession(model, { device: 'cpu', profilePrefix: join(folder, 'profile') });
    const feeds = graph.inputs.map((input) => {
      const shape = dimensionsOf(input);
      const data = Float32Array.from({ length: elementCount(shape) }, (_, index) => fill(index));
      return [input.name, runtimeTensor(data, shape)] as const;
    });
    const outputs = Object.entries(await session.run(Object.fromEntries(feeds)));
    session.endProfiling();
    await closeSession(session);
    const [profile = ''] = readdirSync(folder);
    const events = JSON.parse(readFileSync(join(folder, profile), 'utf8')) as {
      readonly name: string;
      readonly args?: { readonly op_name?: string };
    }[];
    return {
      order: events.flatMap(({ name, args }) => (name.endsWith('_kernel_time') && args?.op_name ? [args.op_name] : [])),
      outputs: new Map(outputs.map(([name, { data }]) => [name, data as Float32Array])),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
