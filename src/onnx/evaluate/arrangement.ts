import { intOf, intsOf } from '../attributes.ts';
import { indicesOf, slicesOf } from '../shapes/concatAndSplit.ts';
import { positiveAxis } from '../shapes/rule.ts';
import {
  broadcastNumbers,
  indicesIn,
  knownInput,
  numbersOf,
  stridesOf,
  type Evaluation,
  type Evaluator,
} from './evaluator.ts';

/** The same elements in another shape. */
const sameElements: Evaluator = (evaluation) => numbersOf(evaluation, 0);

/** Every element of the output is the element of input 0 at an index computed from its own. */
function picked(evaluation: Evaluation, indexOf: (index: readonly number[]) => readonly number[]): number[] {
  const numbers = numbersOf(evaluation, 0);
  const strides = stridesOf(knownInput(evaluation, 0).shape);
  return Array.from(indicesIn(evaluation.shape), (index) => {
    const flat = indexOf(index).reduce((sum, position, axis) => sum + position * (strides[axis] ?? 1), 0);
    return numbers[flat] ?? 0;
  });
}

const gather: Evaluator = (evaluation) => {
  const { shape } = knownInput(evaluation, 0);
  const indices = knownInput(evaluation, 1);
  const positions = numbersOf(evaluation, 1);
  const axis = positiveAxis(intOf(evaluation.node, 'axis', 0), shape.length);
  const strides = stridesOf(indices.shape);
  return picked(evaluation, (index) => {
    const inner = index.slice(axis, axis + indices.shape.length);
    const position = positions[inner.reduce((sum, value, level) => sum + value * (strides[level] ?? 1), 0)] ?? 0;
    return [...index.slice(0, axis), positiveAxis(position, shape[axis] ?? 1), ...index.slice(axis + inner.length)];
  });
};

const slice: Evaluator = (evaluation) => {
  const { node, inputs } = evaluation;
  const { shape } = knownInput(evaluation, 0);
  const parts = slicesOf({ node, known: (index) => inputs[index] });
  return picked(evaluation, (index) =>
    index.map((position, axis) => {
      const part = parts.get(axis);
      return part ? indicesOf(part, shape[axis] ?? 1).first + position * part.step : position;
    }),
  );
};

const transpose: Evaluator = (evaluation) => {
  const order = intsOf(evaluation.node, 'perm') ?? [...evaluation.shape.keys()].reverse();
  return picked(evaluation, (index) => {
    const source = new Array<number>(order.length).fill(0);
    order.forEach((axis, position) => (source[axis] = index[position] ?? 0));
    return source;
  });
};

const tile: Evaluator = (evaluation) => {
  const { shape } = knownInput(evaluation, 0);
  return picked(evaluation, (index) => index.map((position, axis) => position % (shape[axis] ?? 1)));
};

const concat: Evaluator = (evaluation) => {
  const tensors = evaluation.inputs.map((_, index) => knownInput(evaluation, index));
  const axis = positiveAxis(intOf(evaluation.node, 'axis', 0), evaluation.shape.length);
  const outer = evaluation.shape.slice(0, axis).reduce((product, size) => product * size, 1);
  const parts = tensors.map((tensor, index) => ({
    numbers: numbersOf(evaluation, index),
    length: tensor.shape.slice(axis).reduce((product, size) => product * size, 1),
  }));
  return Array.from({ length: outer }, (_, row) =>
    parts.flatMap(({ numbers, length }) => numbers.slice(row * length, (row + 1) * length)),
  ).flat();
};

export const arrangementEvaluators: Readonly<Record<string, Evaluator>> = {
  Reshape: sameElements,
  Flatten: sameElements,
  Squeeze: sameElements,
  Unsqueeze: sameElements,
  Expand: (evaluation) => broadcastNumbers(knownInput(evaluation, 0), evaluation.shape),
  Gather: gather,
  Slice: slice,
  Transpose: transpose,
  Tile: tile,
  Concat: concat,
};
