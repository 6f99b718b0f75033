import { intOf } from '../attributes.ts';
import { broadcastNumbers, knownInput, numbersOf, type Evaluation, type Evaluator } from './evaluator.ts';

const unary =
  (apply: (value: number) => number): Evaluator =>
  (evaluation) =>
    numbersOf(evaluation, 0).map(apply);

/** Folds the inputs, broadcast, from left to right. */
const folding =
  (apply: (left: number, right: number, evaluation: Evaluation) => number): Evaluator =>
  (evaluation) => {
    const [first = [], ...rest] = evaluation.inputs.map((_, index) =>
      broadcastNumbers(knownInput(evaluation, index), evaluation.shape),
    );
    return rest.reduce((left, right) => left.map((value, index) => apply(value, right[index] ?? 0, evaluation)), first);
  };

const comparison = (holds: (left: number, right: number) => boolean): Evaluator =>
  folding((left, right) => Number(holds(left, right)));

/** Integer division cuts towards zero. */
const divide = folding((left, right, { type }) => (type.startsWith('float') ? left / right : Math.trunc(left / right)));

/** The remainder has the divisor's sign, with `fmod` the dividend's. */
const modulo = folding((left, right, { node }) => {
  const remainder = left % right;
  if (intOf(node, 'fmod', 0) === 1 || remainder === 0 || remainder < 0 === right < 0) return remainder;
  return remainder + right;
});

const where: Evaluator = (evaluation) => {
  const [condition = [], whenTrue = [], otherwise = []] = [0, 1, 2].map((index) =>
    broadcastNumbers(knownInput(evaluation, index), evaluation.shape),
  );
  return condition.map((holds, index) => (holds ? whenTrue[index] : otherwise[index]) ?? 0);
};

/** Halves go to the even neighbour. */
function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

export const arithmeticEvaluators: Readonly<Record<string, Evaluator>> = {
  Abs: unary(Math.abs),
  Ceil: unary(Math.ceil),
  Exp: unary(Math.exp),
  Floor: unary(Math.floor),
  Log: unary(Math.log),
  Neg: unary((value) => -value),
  Not: unary((value) => Number(value === 0)),
  Reciprocal: unary((value) => 1 / value),
  Round: unary(roundHalfEven),
  Sign: unary(Math.sign),
  Sqrt: unary(Math.sqrt),
  Cast: unary((value) => value),
  CastLike: unary((value) => value),
  Identity: unary((value) => value),
  Add: folding((left, right) => left + right),
  Sub: folding((left, right) => left - right),
  Mul: folding((left, right) => left * right),
  Div: divide,
  Mod: modulo,
  Pow: folding((left, right) => left ** right),
  Max: folding((left, right) => Math.max(left, right)),
  Min: folding((left, right) => Math.min(left, right)),
  And: folding((left, right) => Number(left !== 0 && right !== 0)),
  Or: folding((left, right) => Number(left !== 0 || right !== 0)),
  Xor: folding((left, right) => Number((left !== 0) !== (right !== 0))),
  Equal: comparison((left, right) => left === right),
  Greater: comparison((left, right) => left > right),
  GreaterOrEqual: comparison((left, right) => left >= right),
  Less: comparison((left, right) => left < right),
  LessOrEqual: comparison((left, right) => left <= right),
  Where: where,
};
