import { clockOf, type Clock } from './clock.ts';
import { exportModel } from '../src/onnx/exporting/exportModel.ts';
import { encodeModel } from '../src/onnx/file.ts';
import { Graph, ints } from '../src/onnx/graph.ts';
import { floatTensor } from '../src/onnx/tensor.ts';
import { closeSession, openSession, runtimeTensor } from '../src/training/engines/session.ts';

/** What ONNX Runtime gets out of this machine at best. */
export interface MachineLimits {
  /** Floating-point operations per second of a large product of matrices. */
  readonly product: number;
  /** Of a convolution 3×3 from 64 to 64 channels. */
  readonly convolution: number;
  /** Bytes per second that a sum of two large tensors reads and writes. */
  readonly bandwidth: number;
}

const SIDE = 1024;
const CHANNELS = 64;
const IMAGE = 56;
const BATCH = 8;
const ELEMENTS = 2 ** 24;
const TRIES = 12;

/** Measures what the machine does at best, each the fastest of a few tries. */
export async function measureLimits(clock: Clock): Promise<MachineLimits> {
  const fastest = fastestBy(clockOf(clock));
  const product = await fastest(
    (graph) => graph.op('MatMul', [graph.input('x', 'float32', [SIDE, SIDE]), weights(graph, [SIDE, SIDE])]),
    [SIDE, SIDE],
  );
  const convolution = await fastest(
    (graph) =>
      graph.op(
        'Conv',
        [graph.input('x', 'float32', [BATCH, CHANNELS, IMAGE, IMAGE]), weights(graph, [CHANNELS, CHANNELS, 3, 3])],
        {
          pads: ints([1, 1, 1, 1]),
        },
      ),
    [BATCH, CHANNELS, IMAGE, IMAGE],
  );
  const sum = await fastest(
    (graph) => {
      const x = graph.input('x', 'float32', [ELEMENTS]);
      // Only one element leaves the session, which would copy what does.
      const doubled = graph.op('Add', [x, x]);
      return graph.op('ReduceMax', [doubled, graph.integers([0])]);
    },
    [ELEMENTS],
  );
  return {
    product: (2 * SIDE ** 3) / product,
    convolution: (2 * BATCH * CHANNELS * CHANNELS * 9 * IMAGE ** 2) / convolution,
    // Read, written, and read once more.
    bandwidth: (3 * 4 * ELEMENTS) / sum,
  };
}

function weights(graph: Graph, shape: readonly number[]) {
  const count = shape.reduce((product, size) => product * size, 1);
  return graph.initializer(
    'w',
    floatTensor(
      Float32Array.from({ length: count }, (_, index) => (index % 7) / 7),
      shape,
    ),
  );
}

/** Seconds of the fastest run of a graph. */
function fastestBy(now: () => number) {
  return async (build: (graph: Graph) => ReturnType<Graph['op']>, shape: readonly number[]): Promise<number> => {
    const graph = new Graph();
    graph.output(build(graph), 'y');
    const session = await openSession(encodeModel(exportModel(graph, { name: 'limit' })), { device: 'cpu' });
    const count = shape.reduce((product, size) => product * size, 1);
    const x = runtimeTensor(new Float32Array(count).fill(0.5), shape);
    let best = Infinity;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const start = now();
      await session.run({ x });
      best = Math.min(best, (now() - start) / 1000);
    }
    await closeSession(session);
    return best;
  };
}
