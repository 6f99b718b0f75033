import { randomStream } from '../../../data/random.ts';
import { encodeModel } from '../../../onnx/file.ts';
import { exportModel } from '../../../onnx/exporting/exportModel.ts';
import { Graph, ints } from '../../../onnx/graph.ts';
import { elementCount } from '../../../onnx/tensor.ts';
import { closeSession, openSession, runtimeTensor } from '../../engines/session.ts';
import { lowerForCpu } from '../lowerForCpu.ts';

/** Blocks that ONNX Runtime uses, depending on the processor: AVX-512 and Arm first. */
const candidates = [16, 8];
const TOLERANCE = 1e-4;

let probed: Promise<number | undefined> | undefined;

/**
 * The number of channels in a block of this processor's blocked convolutions; undefined where they do not work. They
 * are internal to ONNX Runtime's CPU provider, so they are compared with plain convolutions once per process.
 */
export function findBlockSize(): Promise<number | undefined> {
  probed ??= probe();
  return probed;
}

async function probe(): Promise<number | undefined> {
  const graph = convolutionGraph();
  const expected = await run(graph);
  for (const block of candidates) {
    const actual = await run(lowerForCpu(graph, block)).catch(() => undefined);
    const worst = actual?.reduce((most, value, index) => Math.max(most, Math.abs(value - (expected[index] ?? NaN))), 0);
    if (worst !== undefined && worst < TOLERANCE) return block;
  }
  return undefined;
}

/** One convolution of 16 channels whose weights are an input, as in training. */
function convolutionGraph(): Graph {
  const graph = new Graph();
  const image = graph.input('image', 'float32', [2, 16, 8, 8]);
  const weights = graph.input('weights', 'float32', [16, 16, 3, 3]);
  const output = graph.op('Conv', [image, weights], { kernel_shape: ints([3, 3]), pads: ints([1, 1, 1, 1]) });
  graph.output(output, 'output');
  return graph;
}

async function run(graph: Graph): Promise<Float32Array> {
  const random = randomStream(0, 'block size');
  const session = await openSession(encodeModel(exportModel(graph, { name: 'probe' })), { device: 'cpu' });
  try {
    const feeds = Object.fromEntries(
      graph.inputs.map(({ name, shape }) => {
        const data = Float32Array.from({ length: elementCount(shape.map(Number)) }, () => random.uniform(-1, 1) / 8);
        return [name, runtimeTensor(data, shape.map(Number))];
      }),
    );
    const results = await session.run(feeds);
    return (await results['output']?.getData()) as Float32Array;
  } finally {
    await closeSession(session);
  }
}
