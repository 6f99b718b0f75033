import { int, type Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';
import { dataTypeCode } from '../onnx/tensorProto.ts';

/** A value, or a number that becomes a scalar of the other operand's type. */
export type Operand = Value | number;

/** Element-wise operators on the values of a graph. */
export interface Formula {
  readonly add: (a: Operand, b: Operand) => Value;
  readonly sub: (a: Operand, b: Operand) => Value;
  readonly mul: (a: Operand, b: Operand) => Value;
  readonly div: (a: Operand, b: Operand) => Value;
  readonly min: (a: Operand, b: Operand) => Value;
  readonly max: (a: Operand, b: Operand) => Value;
  readonly neg: (a: Value) => Value;
  readonly exp: (a: Value) => Value;
  readonly log: (a: Value) => Value;
  readonly sqrt: (a: Value) => Value;
  readonly sin: (a: Value) => Value;
  readonly cos: (a: Value) => Value;
  readonly abs: (a: Value) => Value;
  readonly erf: (a: Value) => Value;
  readonly softplus: (a: Value) => Value;
  readonly tanh: (a: Value) => Value;
  readonly sigmoid: (a: Value) => Value;
  readonly square: (a: Value) => Value;
  /** 1 where the comparison holds and 0 elsewhere, in the type of the operands. */
  readonly isGreater: (a: Operand, b: Operand) => Value;
  readonly isLess: (a: Operand, b: Operand) => Value;
  readonly isEqual: (a: Operand, b: Operand) => Value;
}

/**
 * Element-wise operators on the values of `graph`, so that a gradient rule reads like the formula it stands for.
 *
 * Masks are numbers to multiply by rather than conditions for `Where`: on ONNX Runtime's CPU provider the product with
 * a cast comparison takes about a third of `Where`'s time (bench/gradients/relu.ts).
 */
export function formula(graph: Graph): Formula {
  const lift = (operand: Operand, other: Operand): Value =>
    typeof operand === 'number' ? graph.scalar(operand, typeof other === 'number' ? undefined : other) : operand;
  const unary = (operator: string) => (a: Value) => graph.op(operator, [a]);
  const binary = (operator: string) => (a: Operand, b: Operand) => graph.op(operator, [lift(a, b), lift(b, a)]);
  const indicator = (operator: string) => (a: Operand, b: Operand) => {
    const { type } = lift(a, b);
    return graph.op('Cast', [binary(operator)(a, b)], { to: int(dataTypeCode(type)) });
  };
  return {
    add: binary('Add'),
    sub: binary('Sub'),
    mul: binary('Mul'),
    div: binary('Div'),
    min: binary('Min'),
    max: binary('Max'),
    neg: unary('Neg'),
    exp: unary('Exp'),
    log: unary('Log'),
    sqrt: unary('Sqrt'),
    sin: unary('Sin'),
    cos: unary('Cos'),
    abs: unary('Abs'),
    erf: unary('Erf'),
    softplus: unary('Softplus'),
    tanh: unary('Tanh'),
    sigmoid: unary('Sigmoid'),
    square: (a) => graph.op('Mul', [a, a]),
    isGreater: indicator('Greater'),
    isLess: indicator('Less'),
    isEqual: indicator('Equal'),
  };
}
