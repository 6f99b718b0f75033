import { intOf, intsOf } from '../../../src/onnx/attributes.ts';
import type { Node } from '../../../src/onnx/node.ts';
import { arrayOf, at, eachIndex, fill, fromFront, withEntry, type NumberArray } from './array.ts';
import { given, integersOf, type Operator } from './operator.ts';

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const maximum = (values: readonly number[]) => Math.max(...values);

const reductions: Readonly<Record<string, (values: readonly number[]) => number>> = {
  ReduceSum: sum,
  ReduceMean: (values) => sum(values) / values.length,
  ReduceMax: maximum,
  ReduceMin: (values) => Math.min(...values),
  ReduceProd: (values) => values.reduce((product, value) => product * value, 1),
  ReduceSumSquare: (values) => sum(values.map((value) => value * value)),
  ReduceL1: (values) => sum(values.map(Math.abs)),
  ReduceL2: (values) => Math.sqrt(sum(values.map((value) => value * value))),
  ReduceLogSum: (values) => Math.log(sum(values)),
  ReduceLogSumExp: (values) => {
    const top = maximum(values);
    return top + Math.log(sum(values.map((value) => Math.exp(value - top))));
  },
};

const reduce =
  (combine: (values: readonly number[]) => number): Operator =>
  ([input, axesInput], node) => {
    const x = given(input);
    const listed = integersOf(axesInput) ?? intsOf(node, 'axes') ?? [];
    if (listed.length === 0 && intOf(node, 'noop_with_empty_axes', 0) === 1) return [x];
    const all = x.shape.map((_, axis) => axis);
    const axes = listed.length === 0 ? all : listed.map((axis) => fromFront(axis, x.shape.length));
    const kept = x.shape.map((dimension, axis) => (axes.includes(axis) ? 1 : dimension));
    const groups = fill(kept, () => 0).data.length;
    const values: number[][] = Array.from({ length: groups }, () => []);
    eachIndex(x.shape, (index) => {
      let position = 0;
      for (let axis = 0; axis < kept.length; axis++) {
        position = position * kept[axis]! + (axes.includes(axis) ? 0 : index[axis]!);
      }
      values[position]!.push(at(x, index));
    });
    const shape = intOf(node, 'keepdims', 1) === 1 ? kept : x.shape.filter((_, axis) => !axes.includes(axis));
    return [arrayOf(shape, values.map(combine))];
  };

/** The elements along `axis` through an index. */
function lineThrough(x: NumberArray, index: readonly number[], axis: number): number[] {
  return Array.from({ length: x.shape[axis]! }, (_, entry) => at(x, withEntry(index, axis, entry)));
}

const axisOf = (node: Node, rank: number, fallback: number) => fromFront(intOf(node, 'axis', fallback), rank);

const logSoftmax: Operator = ([input], node) => {
  const x = given(input);
  const axis = axisOf(node, x.shape.length, -1);
  return [
    fill(x.shape, (index) => {
      const line = lineThrough(x, index, axis);
      const top = maximum(line);
      return at(x, index) - top - Math.log(sum(line.map((value) => Math.exp(value - top))));
    }),
  ];
};

const softmax: Operator = (inputs, node) => {
  const logarithm = given(logSoftmax(inputs, node)[0]);
  return [{ shape: logarithm.shape, data: logarithm.data.map(Math.exp) }];
};

/** Index of the extreme along one axis. */
const extremeIndex =
  (sign: number): Operator =>
  ([input], node) => {
    const x = given(input);
    const axis = axisOf(node, x.shape.length, 0);
    const shape = x.shape.map((dimension, position) => (position === axis ? 1 : dimension));
    const result = fill(shape, (index) => {
      const line = lineThrough(x, index, axis).map((value) => sign * value);
      const extreme = maximum(line);
      return intOf(node, 'select_last_index', 0) ? line.lastIndexOf(extreme) : line.indexOf(extreme);
    });
    if (intOf(node, 'keepdims', 1) === 1) return [result];
    return [
      arrayOf(
        x.shape.filter((_, position) => position !== axis),
        result.data,
      ),
    ];
  };

const cumulativeSum: Operator = ([input, axisInput], node) => {
  const x = given(input);
  const axis = fromFront(given(axisInput).data[0]!, x.shape.length);
  const exclusive = intOf(node, 'exclusive', 0) === 1;
  const reverse = intOf(node, 'reverse', 0) === 1;
  return [
    fill(x.shape, (index) => {
      const here = index[axis]!;
      const line = lineThrough(x, index, axis);
      return sum(line.filter((_, entry) => (entry === here ? !exclusive : reverse ? entry > here : entry < here)));
    }),
  ];
};

const topK: Operator = ([input, count], node) => {
  const x = given(input);
  const axis = axisOf(node, x.shape.length, -1);
  const sign = intOf(node, 'largest', 1) === 1 ? 1 : -1;
  const shape = withEntry(x.shape, axis, given(count).data[0]!);
  const orderOf = (index: readonly number[]) => {
    const line = lineThrough(x, index, axis);
    return line.map((_, entry) => entry).sort((a, b) => sign * (line[b]! - line[a]!) || a - b);
  };
  const indices = fill(shape, (index) => orderOf(withEntry(index, axis, 0))[index[axis]!]!);
  return [fill(shape, (index) => at(x, withEntry(index, axis, at(indices, index)))), indices];
};

export const reductionOperators: Readonly<Record<string, Operator>> = {
  ...Object.fromEntries(Object.entries(reductions).map(([name, combine]) => [name, reduce(combine)])),
  LogSoftmax: logSoftmax,
  Softmax: softmax,
  ArgMax: extremeIndex(1),
  ArgMin: extremeIndex(-1),
  CumSum: cumulativeSum,
  TopK: topK,
};
