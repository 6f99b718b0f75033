import { intOf, textOf } from '../../../src/onnx/attributes.ts';
import { arrayOf, at, eachIndex, fill, fromFront, positionOf, withEntry, type NumberArray } from './array.ts';
import { given, type Operator } from './operator.ts';

const gather: Operator = ([data, indicesInput], node) => {
  const x = given(data);
  const indices = given(indicesInput);
  const axis = fromFront(intOf(node, 'axis', 0), x.shape.length);
  const rank = indices.shape.length;
  return [
    fill([...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)], (index) => {
      const entry = fromFront(at(indices, index.slice(axis, axis + rank)), x.shape[axis]!);
      return at(x, [...index.slice(0, axis), entry, ...index.slice(axis + rank)]);
    }),
  ];
};

const gatherElements: Operator = ([data, indicesInput], node) => {
  const x = given(data);
  const indices = given(indicesInput);
  const axis = fromFront(intOf(node, 'axis', 0), x.shape.length);
  return [fill(indices.shape, (index) => at(x, withEntry(index, axis, fromFront(at(indices, index), x.shape[axis]!))))];
};

/** The row of indices that stands at `outer`. */
function tupleAt(indices: NumberArray, outer: readonly number[], sizes: readonly number[]): number[] {
  const length = indices.shape.at(-1)!;
  return Array.from({ length }, (_, entry) => fromFront(at(indices, [...outer, entry]), sizes[entry]!));
}

const gatherND: Operator = ([data, indicesInput], node) => {
  const x = given(data);
  const indices = given(indicesInput);
  const batch = intOf(node, 'batch_dims', 0);
  const outerRank = indices.shape.length - 1;
  const length = indices.shape.at(-1)!;
  return [
    fill([...indices.shape.slice(0, -1), ...x.shape.slice(batch + length)], (index) => {
      const tuple = tupleAt(indices, index.slice(0, outerRank), x.shape.slice(batch));
      return at(x, [...index.slice(0, batch), ...tuple, ...index.slice(outerRank)]);
    }),
  ];
};

/** Writes an update into `data` as the node's `reduction` says. */
function write(data: Float64Array, position: number, update: number, reduction: string): void {
  if (reduction === 'none') data[position] = update;
  else if (reduction === 'add') data[position]! += update;
  else if (reduction === 'max') data[position] = Math.max(data[position]!, update);
  else if (reduction === 'min') data[position] = Math.min(data[position]!, update);
  else throw new Error(`the reference has no scatter with reduction ${reduction}`);
}

const scatterElements: Operator = ([dataInput, indicesInput, updates], node) => {
  const x = given(dataInput);
  const indices = given(indicesInput);
  const axis = fromFront(intOf(node, 'axis', 0), x.shape.length);
  const data = Float64Array.from(x.data);
  eachIndex(indices.shape, (index) => {
    const target = withEntry(index, axis, fromFront(at(indices, index), x.shape[axis]!));
    write(data, positionOf(x.shape, target), at(given(updates), index), textOf(node, 'reduction', 'none'));
  });
  return [arrayOf(x.shape, data)];
};

const scatterND: Operator = ([dataInput, indicesInput, updatesInput], node) => {
  const x = given(dataInput);
  const indices = given(indicesInput);
  const updates = given(updatesInput);
  const outerRank = indices.shape.length - 1;
  const data = Float64Array.from(x.data);
  eachIndex(updates.shape, (index) => {
    const tuple = tupleAt(indices, index.slice(0, outerRank), x.shape);
    const target = positionOf(x.shape, [...tuple, ...index.slice(outerRank)]);
    write(data, target, at(updates, index), textOf(node, 'reduction', 'none'));
  });
  return [arrayOf(x.shape, data)];
};

const oneHot: Operator = ([indicesInput, depth, values], node) => {
  const indices = given(indicesInput);
  const count = given(depth).data[0]!;
  const axis = fromFront(intOf(node, 'axis', -1), indices.shape.length + 1);
  const [off, on] = given(values).data;
  return [
    fill([...indices.shape.slice(0, axis), count, ...indices.shape.slice(axis)], (index) => {
      const hot = fromFront(at(indices, [...index.slice(0, axis), ...index.slice(axis + 1)]), count);
      return index[axis] === hot ? on! : off!;
    }),
  ];
};

/** The first steps of every sample in reverse order, the others as they are. */
const reverseSequence: Operator = ([data, lengthsInput], node) => {
  const [x, lengths] = [given(data), given(lengthsInput)];
  const [batch, time] = [intOf(node, 'batch_axis', 1), intOf(node, 'time_axis', 0)];
  return [
    fill(x.shape, (index) => {
      const [step, length] = [index[time]!, at(lengths, [index[batch]!])];
      return at(x, withEntry(index, time, step < length ? length - 1 - step : step));
    }),
  ];
};

export const indexingOperators: Readonly<Record<string, Operator>> = {
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherND,
  ScatterElements: scatterElements,
  ScatterND: scatterND,
  OneHot: oneHot,
  ReverseSequence: reverseSequence,
};
