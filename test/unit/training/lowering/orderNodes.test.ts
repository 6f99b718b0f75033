import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import { encodeModel } from '../../../../src/onnx/file.ts';
import { Graph, int } from '../../../../src/onnx/graph.ts';
import { newTemporaryFolder } from '../../../../src/platform/newTemporaryFolder.ts';
import { orderNodes } from '../../../../src/training/lowering/orderNodes.ts';
import { closeSession, openSession, runtimeTensor } from '../../../../src/training/engines/session.ts';

const SIZE = 2 ** 17;

/** Three large images, one from the other, and a number of each. */
function imagesAndSums(): Graph {
  const graph = new Graph();
  const images = ['Exp', 'Sin', 'Erf'].reduce(
    (before, operator) => [...before, graph.op(operator, [before.at(-1)!])],
    [graph.input('samples', 'float32', [SIZE])],
  );
  const sums = images
    .slice(1)
    .map((image, index) => graph.op(['ReduceMax', 'ReduceL1', 'ReduceL2'][index]!, [image], { keepdims: int(1) }));
  graph.output(graph.op('Concat', sums, { axis: int(0) }), 'sums');
  return graph;
}

/** The operators of a graph in the order in which ONNX Runtime computes them, and the graph's first output. */
async function run(graph: Graph): Promise<{ readonly order: readonly string[]; readonly sums: readonly number[] }> {
  const folder = await newTemporaryFolder('order');
  try {
    const options = { device: 'cpu', profilePrefix: join(folder, 'profile') } as const;
    const session = await openSession(encodeModel(exportModel(graph, { name: 'ordered' })), options);
    const samples = Float32Array.from({ length: SIZE }, (_, index) => Math.sin(index));
    const { sums } = await session.run({ samples: runtimeTensor(samples, [SIZE]) });
    session.endProfiling();
    await closeSession(session);
    const [file = ''] = readdirSync(folder);
    const events = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
      cat: string;
      name: string;
      args: { op_name: string };
    }[];
    return {
      order: events
        .filter(({ cat, name }) => cat === 'Node' && name.endsWith('_kernel_time'))
        .map(({ args }) => args.op_name),
      sums: [...(sums!.data as Float32Array)],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the order in which a graph is computed', () => {
  it('has what is small right after what it is computed from, which can then be forgotten', async () => {
    const own = await run(imagesAndSums());
    const graph = imagesAndSums();
    orderNodes(graph);
    const ordered = await run(graph);
    const large = ({ order }: { order: readonly string[] }) =>
      order.filter((operator) => /Exp|Sin|Erf|ReduceM|ReduceL/.test(operator)).join(' ');
    assert.equal(large(own), 'Exp Sin Erf ReduceL2 ReduceL1 ReduceMax', 'the order of ONNX Runtime itself is another');
    assert.equal(large(ordered), 'Exp ReduceMax Sin ReduceL1 Erf ReduceL2');
    assert.deepEqual(ordered.sums, own.sums);
  });
});
