import { intOf, intsOf } from '../attributes.ts';
import { positiveAxis } from '../shapes/rule.ts';
import { indicesIn, knownInput, numbersOf, stridesOf, type Evaluator } from './evaluator.ts';

const reducing =
  (
    start: number,
    combine: (left: number, right: number) => number,
    finish: (value: number, count: number) => number = (value) => value,
  ): Evaluator =>
  (evaluation) => {
    const { node, inputs, shape } = evaluation;
    const source = knownInput(evaluation, 0);
    const numbers = numbersOf(evaluation, 0);
    const given = inputs[1] ? numbersOf(evaluation, 1) : (intsOf(node, 'axes') ?? []);
    if (given.length === 0 && intOf(node, 'noop_with_empty_axes', 0)) return numbers;
    const reduced = new Set(given.map((axis) => positiveAxis(axis, source.shape.length)));
    const kept = source.shape.map((size, axis) => (given.length === 0 || reduced.has(axis) ? 1 : size));
    const strides = stridesOf(kept);
    const result = Array.from(indicesIn(shape), () => start);
    let flat = 0;
    for (const index of indicesIn(source.shape)) {
      const target = index.reduce(
        (sum, position, axis) => sum + (kept[axis] === 1 ? 0 : position * (strides[axis] ?? 1)),
        0,
      );
      result[target] = combine(result[target] ?? start, numbers[flat++] ?? 0);
    }
    const count = numbers.length / Math.max(1, result.length);
    return result.map((value) => finish(value, count));
  };

export const reductionEvaluators: Readonly<Record<string, Evaluator>> = {
  ReduceL1: reducing(0, (left, right) => left + Math.abs(right)),
  ReduceL2: reducing(0, (left, right) => left + right * right, Math.sqrt),
  ReduceMean: reducing(
    0,
    (left, right) => left + right,
    (sum, count) => sum / count,
  ),
  ReduceSumSquare: reducing(0, (left, right) => left + right * right),
  ReduceSum: reducing(0, (left, right) => left + right),
  ReduceProd: reducing(1, (left, right) => left * right),
  ReduceMax: reducing(-Infinity, Math.max),
  ReduceMin: reducing(Infinity, Math.min),
};
