import { inputOf, intOf, misfit } from '../attributes.ts';
import type { Shape } from '../tensor.ts';
import { broadcastShapes } from './broadcast.ts';
import { checkedAxis, dimensionAt, mayEqual, type Inferred, type NodeSketch, type ShapeRule } from './rule.ts';

/** Normalisation by statistics of each channel; in training mode with the new running statistics. */
const batchNormalization: ShapeRule = ({ node }) => {
  const { type, shape } = inputOf(node, 0);
  const channels = shape.length > 1 ? dimensionAt(node, shape, 1) : 1;
  for (const index of [1, 2, 3, 4]) checkVector(node, index, channels);
  return {
    results: [
      { type, shape },
      { type, shape: inputOf(node, 3).shape },
      { type, shape: inputOf(node, 4).shape },
    ],
  };
};

/** Scale and bias per channel (instance and group normalisation). */
const channelNormalization: ShapeRule = ({ node }) => {
  const { type, shape } = inputOf(node, 0);
  const channels = dimensionAt(node, shape, 1);
  checkVector(node, 1, channels);
  checkVector(node, 2, channels);
  const groups = intOf(node, 'num_groups', 1);
  if (typeof channels === 'number' && channels % groups !== 0) {
    throw misfit(node, `${channels} channels do not divide into ${groups} groups`);
  }
  return { results: [{ type, shape }] };
};

/** Normalisation over all axes from `axis` on; also the mean and the inverse standard deviation. */
const layerNormalization: ShapeRule = ({ node }) => {
  const { type, shape } = inputOf(node, 0);
  const axis = checkedAxis(node, intOf(node, 'axis', -1), shape.length);
  checkBroadcast(node, 1, shape);
  checkBroadcast(node, 2, shape);
  const statistics: Inferred = { type, shape: reducedFrom(shape, axis) };
  return { results: [{ type, shape }, statistics, statistics] };
};

/** Layer normalisation without the mean; also the inverse root mean square. */
const rootMeanSquareNormalization: ShapeRule = ({ node }) => {
  const { type, shape } = inputOf(node, 0);
  const axis = checkedAxis(node, intOf(node, 'axis', -1), shape.length);
  checkBroadcast(node, 1, shape);
  return {
    results: [
      { type, shape },
      { type, shape: reducedFrom(shape, axis) },
    ],
  };
};

/** Layer normalisation of a sum; outputs: result, mean, inverse standard deviation, the sum. */
const skipLayerNormalization: ShapeRule = ({ node }) => {
  const { type, shape } = inputOf(node, 0);
  checkBroadcast(node, 1, shape);
  checkVector(node, 2, dimensionAt(node, shape, -1));
  const statistics: Inferred = { type, shape: reducedFrom(shape, shape.length - 1) };
  return { results: [{ type, shape }, statistics, statistics, { type, shape }] };
};

function reducedFrom(shape: Shape, axis: number): Shape {
  return shape.map((dimension, index) => (index < axis ? dimension : 1));
}

function checkVector(node: NodeSketch, index: number, size: string | number): void {
  const vector = inputOf(node, index);
  if (vector.shape.length !== 1 || !mayEqual(vector.shape[0], size)) {
    throw misfit(node, `input ${index} must have ${size} elements`);
  }
}

function checkBroadcast(node: NodeSketch, index: number, shape: Shape): void {
  const value = node.inputs[index];
  if (value && broadcastShapes([shape, value.shape])?.length !== shape.length) {
    throw misfit(node, `input ${index} does not broadcast to the input`);
  }
}

export const normalizationRules: Readonly<Record<string, ShapeRule>> = {
  BatchNormalization: batchNormalization,
  InstanceNormalization: channelNormalization,
  GroupNormalization: channelNormalization,
  LayerNormalization: layerNormalization,
  RMSNormalization: rootMeanSquareNormalization,
  SimplifiedLayerNormalization: rootMeanSquareNormalization,
  'com.microsoft.SkipLayerNormalization': skipLayerNormalization,
};
