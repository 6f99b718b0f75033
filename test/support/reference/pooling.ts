import { intOf, intsOf } from '../../../src/onnx/attributes.ts';
import { at, eachIndex, fill, positionOf } from './array.ts';
import { given, type Operator } from './operator.ts';
import { inside, meets, outputSizes, windowOf } from './window.ts';

/** Maxima and their flat positions in the whole input; of equal ones the first counts. */
const maxPool: Operator = ([input], node) => {
  const x = given(input);
  const [batch, channels, ...sizes] = x.shape;
  const window = windowOf(node, intsOf(node, 'kernel_shape') ?? [], sizes);
  const shape = [batch!, channels!, ...outputSizes(node, window, sizes)];
  const indices = fill(shape, ([sample, channel, ...position]) => {
    let best = -Infinity;
    let where = -1;
    eachIndex(window.kernel, (entry) => {
      const source = meets(window, position, entry);
      if (!inside(source, sizes)) return;
      const index = [sample!, channel!, ...source];
      if (where >= 0 && at(x, index) <= best) return;
      best = at(x, index);
      where = positionOf(x.shape, index);
    });
    return where;
  });
  return [{ shape, data: indices.data.map((position) => x.data[position]!) }, indices];
};

/** Combines the elements that each window meets; `size` counts the window's places that the divisor counts. */
const pool =
  (combine: (values: readonly number[], size: number, node: Parameters<Operator>[1]) => number): Operator =>
  ([input], node) => {
    const x = given(input);
    const [batch, channels, ...sizes] = x.shape;
    const window = windowOf(node, intsOf(node, 'kernel_shape') ?? [], sizes);
    const countPadding = intOf(node, 'count_include_pad', 0) === 1;
    const padded = sizes.map((size, axis) => size + window.end[axis]! + window.begin[axis]!);
    return [
      fill([batch!, channels!, ...outputSizes(node, window, sizes)], ([sample, channel, ...position]) => {
        const values: number[] = [];
        let size = 0;
        eachIndex(window.kernel, (entry) => {
          const source = meets(window, position, entry);
          const met = inside(source, sizes);
          if (met) values.push(at(x, [sample!, channel!, ...source]));
          const shifted = source.map((place, axis) => place + window.begin[axis]!);
          if (met || (countPadding && inside(shifted, padded))) size++;
        });
        return combine(values, size, node);
      }),
    ];
  };

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const average = pool((values, size) => sum(values) / size);
const lpPool = pool((values, _size, node) => {
  const p = intOf(node, 'p', 2);
  return sum(values.map((value) => Math.abs(value) ** p)) ** (1 / p);
});

/** Combines all spatial elements of each channel. */
const globalPool =
  (combine: (values: readonly number[]) => number): Operator =>
  ([input]) => {
    const x = given(input);
    const [batch, channels, ...sizes] = x.shape;
    return [
      fill([batch!, channels!, ...sizes.map(() => 1)], ([sample, channel]) => {
        const values: number[] = [];
        eachIndex(sizes, (position) => values.push(at(x, [sample!, channel!, ...position])));
        return combine(values);
      }),
    ];
  };

export const poolingOperators: Readonly<Record<string, Operator>> = {
  MaxPool: maxPool,
  AveragePool: average,
  LpPool: lpPool,
  GlobalAveragePool: globalPool((values) => sum(values) / values.length),
  GlobalMaxPool: globalPool((values) => Math.max(...values)),
};
