import { floatOf, intOf } from '../../../src/onnx/attributes.ts';
import { atBroadcast, fill, fromFront, sizeOf, type NumberArray } from './array.ts';
import { given, type Operator } from './operator.ts';

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Normalises every run of `length` consecutive elements to mean 0 and variance 1. */
function normalizeRuns(x: NumberArray, length: number, epsilon: number): NumberArray {
  const data = Float64Array.from(x.data);
  for (let start = 0; start < data.length; start += length) {
    const run = data.subarray(start, start + length);
    const centre = mean(run);
    const deviation = Math.sqrt(mean(run.map((value) => (value - centre) ** 2)) + epsilon);
    run.forEach((value, position) => (run[position] = (value - centre) / deviation));
  }
  return { shape: x.shape, data };
}

/** x̂ · scale + bias with one scale and bias per channel (axis 1). */
function perChannel(x: NumberArray, scale: NumberArray, bias: NumberArray): NumberArray {
  const run = sizeOf(x.shape.slice(2));
  const channelOf = (position: number) => Math.floor(position / run) % x.shape[1]!;
  const data = x.data.map(
    (value, position) => value * scale.data[channelOf(position)]! + bias.data[channelOf(position)]!,
  );
  return { shape: x.shape, data };
}

const batchNormalization: Operator = ([input, scale, bias, means, variances], node) => {
  const x = given(input);
  const epsilon = floatOf(node, 'epsilon', 1e-5);
  const deviations = given(variances).data.map((variance) => Math.sqrt(variance + epsilon));
  const gain = given(scale).data.map((value, channel) => value / deviations[channel]!);
  const shift = given(bias).data.map((value, channel) => value - given(means).data[channel]! * gain[channel]!);
  const shape = given(scale).shape;
  return [perChannel(x, { shape, data: gain }, { shape, data: shift })];
};

const layerNormalization: Operator = ([input, scale, bias], node) => {
  const x = given(input);
  const axis = fromFront(intOf(node, 'axis', -1), x.shape.length);
  const normal = normalizeRuns(x, sizeOf(x.shape.slice(axis)), floatOf(node, 'epsilon', 1e-5));
  let position = 0;
  return [
    fill(x.shape, (index) => {
      const value = normal.data[position++]! * atBroadcast(given(scale), index);
      return value + (bias ? atBroadcast(bias, index) : 0);
    }),
  ];
};

const groupNormalization: Operator = ([input, scale, bias], node) => {
  const x = given(input);
  const run = sizeOf(x.shape.slice(1)) / intOf(node, 'num_groups', 1);
  return [perChannel(normalizeRuns(x, run, floatOf(node, 'epsilon', 1e-5)), given(scale), given(bias))];
};

const instanceNormalization: Operator = ([input, scale, bias], node) => {
  const x = given(input);
  const normal = normalizeRuns(x, sizeOf(x.shape.slice(2)), floatOf(node, 'epsilon', 1e-5));
  return [perChannel(normal, given(scale), given(bias))];
};

/** x / √(mean x² + ε) · scale over the axes from `axis` on. */
const rootMeanSquareNormalization: Operator = ([input, scale], node) => {
  const x = given(input);
  const axis = fromFront(intOf(node, 'axis', -1), x.shape.length);
  const length = sizeOf(x.shape.slice(axis));
  const epsilon = floatOf(node, 'epsilon', 1e-5);
  let position = 0;
  return [
    fill(x.shape, (index) => {
      const start = position - (position % length);
      const run = x.data.subarray(start, start + length);
      const root = Math.sqrt(mean(run.map((value) => value * value)) + epsilon);
      return (x.data[position++]! / root) * atBroadcast(given(scale), index);
    }),
  ];
};

export const normalizationOperators: Readonly<Record<string, Operator>> = {
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  GroupNormalization: groupNormalization,
  InstanceNormalization: instanceNormalization,
  RMSNormalization: rootMeanSquareNormalization,
  SimplifiedLayerNormalization: rootMeanSquareNormalization,
};
