import { knownInput, numbersOf, stridesOf, type Evaluator } from './evaluator.ts';

/** Products of matrices and vectors; of stacks of matrices the axes before the last two are broadcast. */
const matMul: Evaluator = (evaluation) => {
  const [left, right] = [numbersOf(evaluation, 0), numbersOf(evaluation, 1)];
  const [a, b] = [knownInput(evaluation, 0).shape, knownInput(evaluation, 1).shape];
  const rows = a.length === 1 ? [1, ...a] : [...a];
  const columns = b.length === 1 ? [...b, 1] : [...b];
  const [m = 1, k = 1] = rows.slice(-2);
  const n = columns.at(-1) ?? 1;
  const total = evaluation.shape.reduce((product, size) => product * size, 1);
  const outer = evaluation.shape.slice(0, evaluation.shape.length - Number(a.length > 1) - Number(b.length > 1));
  const startOf = (stack: readonly number[], index: readonly number[]): number => {
    const strides = stridesOf(stack);
    return stack.reduce((sum, size, axis) => {
      const position = index[axis + index.length - stack.length] ?? 0;
      return sum + (size === 1 ? 0 : position * (strides[axis] ?? 1));
    }, 0);
  };
  const strides = stridesOf(outer);
  return Array.from({ length: total }, (_, flat) => {
    const [stack, row, column] = [Math.floor(flat / (m * n)), Math.floor(flat / n) % m, flat % n];
    const index = outer.map((size, axis) => Math.floor(stack / (strides[axis] ?? 1)) % size);
    const [first, second] = [startOf(rows.slice(0, -2), index) * m * k, startOf(columns.slice(0, -2), index) * k * n];
    let sum = 0;
    for (let at = 0; at < k; at++) sum += (left[first + row * k + at] ?? 0) * (right[second + at * n + column] ?? 0);
    return sum;
  });
};

export const productEvaluators: Readonly<Record<string, Evaluator>> = { MatMul: matMul };
