import type { Dataset } from '../../src/data/dataset.ts';
import { exportModel } from '../../src/onnx/exporting/exportModel.ts';
import { Graph, int, ints } from '../../src/onnx/graph.ts';
import type { ModelProto } from '../../src/onnx/onnx_pb.ts';
import { floatTensor } from '../../src/onnx/tensor.ts';
import { labelsOf, readSamples } from './datasets.ts';

const SIZE = 28;
const PIXELS = SIZE * SIZE;

export interface MeanTeacherOptions {
  readonly layout?: 'NCHW' | 'NHWC' | 'NHW';
  /** Number of channels that it takes; it looks at the first. */
  readonly channels?: number;
  /** Takes values of 0…1 × `scale` + `offset`. */
  readonly scale?: number;
  readonly offset?: number;
  /** For each output the class that it stands for. */
  readonly order?: readonly number[];
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * A classifier of the built-in digits that needs no training: the class whose mean is nearest.
 * @param dataset with values of 0…1
 */
export async function meanTeacher(
  { training }: Dataset,
  {
    layout = 'NCHW',
    channels = 1,
    scale = 1,
    offset = 0,
    order = [...Array(10).keys()],
    metadata = {},
  }: MeanTeacherOptions = {},
): Promise<ModelProto> {
  const labels = labelsOf(training);
  const samples = await readSamples(training, [...labels.keys()], PIXELS);
  const counts = new Array<number>(10).fill(0);
  const means = Array.from({ length: 10 }, () => new Float32Array(PIXELS));
  labels.forEach((label, index) => {
    counts[label]! += 1;
    const mean = means[label]!;
    for (let pixel = 0; pixel < PIXELS; pixel++) mean[pixel]! += samples[index * PIXELS + pixel]!;
  });
  const weight = new Float32Array(PIXELS * 10);
  const bias = new Float32Array(10);
  order.forEach((label, column) => {
    means[label]!.forEach((sum, pixel) => {
      const value = sum / counts[label]!;
      weight[pixel * 10 + column] = value;
      bias[column]! -= (value * value) / 2;
    });
  });
  const graph = new Graph();
  const shapes = { NCHW: [channels, SIZE, SIZE], NHWC: [SIZE, SIZE, channels], NHW: [SIZE, SIZE] };
  const input = graph.input('image', 'float32', ['n', ...shapes[layout]]);
  let value = layout === 'NHWC' ? graph.op('Transpose', [input], { perm: ints([0, 3, 1, 2]) }) : input;
  if (channels > 1) value = graph.op('Gather', [value, graph.integers([0])], { axis: int(1) });
  const flat = graph.op('Reshape', [value, graph.integers([0, PIXELS])]);
  const known = graph.op('Mul', [graph.op('Sub', [flat, graph.scalar(offset)]), graph.scalar(1 / scale)]);
  const scores = graph.op('MatMul', [known, graph.initializer('weight', floatTensor(weight, [PIXELS, 10]))]);
  graph.output(graph.op('Add', [scores, graph.initializer('bias', floatTensor(bias))]), 'scores');
  return exportModel(graph, { name: 'means', metadata });
}
