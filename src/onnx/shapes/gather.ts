import { inputOf, intOf, misfit } from '../attributes.ts';
import { checkedAxis, dimensionAt, mayEqual, type ShapeRule } from './rule.ts';

/** Slices of input 0 along `axis` at the indices of input 1. */
const gather: ShapeRule = ({ node }) => {
  const { type, shape } = inputOf(node, 0);
  const indices = inputOf(node, 1).shape;
  const axis = checkedAxis(node, intOf(node, 'axis', 0), shape.length);
  return { results: [{ type, shape: [...shape.slice(0, axis), ...indices, ...shape.slice(axis + 1)] }] };
};

const gatherElements: ShapeRule = ({ node }) => {
  const { type, shape } = inputOf(node, 0);
  const indices = inputOf(node, 1).shape;
  checkedAxis(node, intOf(node, 'axis', 0), shape.length);
  if (indices.length !== shape.length) throw misfit(node, 'data and indices must have the same number of axes');
  return { results: [{ type, shape: indices }] };
};

/** Slices at index tuples, the last axis of input 1, behind `batch_dims` common axes. */
const gatherND: ShapeRule = ({ node }) => {
  const { type, shape } = inputOf(node, 0);
  const indices = inputOf(node, 1).shape;
  const batch = intOf(node, 'batch_dims', 0);
  const depth = dimensionAt(node, indices, -1);
  if (typeof depth !== 'number' || batch + depth > shape.length) {
    throw misfit(node, `index tuples of ${depth} behind ${batch} batch axes do not fit ${shape.length} axes`);
  }
  return { results: [{ type, shape: [...indices.slice(0, -1), ...shape.slice(batch + depth)] }] };
};

/** Input 0 with updates (input 2) written at the elements that the indices (input 1) name. */
const scatterElements: ShapeRule = ({ node }) => {
  const { type, shape } = inputOf(node, 0);
  const [indices, updates] = [inputOf(node, 1).shape, inputOf(node, 2).shape];
  checkedAxis(node, intOf(node, 'axis', 0), shape.length);
  if (indices.length !== shape.length || indices.some((size, axis) => !mayEqual(size, updates[axis]))) {
    throw misfit(node, 'indices and updates must have one shape, of as many axes as the data');
  }
  return { results: [{ type, shape }] };
};

/** Input 0 with updates (input 2) written at index tuples, the last axis of input 1. */
const scatterND: ShapeRule = ({ node }) => {
  const { type, shape } = inputOf(node, 0);
  const [indices, updates] = [inputOf(node, 1).shape, inputOf(node, 2).shape];
  const depth = dimensionAt(node, indices, -1);
  if (typeof depth !== 'number' || depth > shape.length) throw misfit(node, `index tuples of ${depth} do not fit`);
  const expected = [...indices.slice(0, -1), ...shape.slice(depth)];
  if (updates.length !== expected.length || expected.some((size, axis) => !mayEqual(size, updates[axis]))) {
    throw misfit(node, `the updates must have shape [${expected.join(', ')}]`);
  }
  return { results: [{ type, shape }] };
};

export const gatherRules: Readonly<Record<string, ShapeRule>> = {
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherND,
  ScatterElements: scatterElements,
  ScatterND: scatterND,
};
