import { misfit } from '../attributes.ts';
import type { NodeSketch } from '../shapes/rule.ts';
import { toNumbers, type DataType, type Dimensions, type Tensor } from '../tensor.ts';

/** A node whose inputs are all known, with the type and shape of its output. */
export interface Evaluation {
  readonly node: NodeSketch;
  readonly inputs: readonly (Tensor | undefined)[];
  readonly shape: Dimensions;
  readonly type: DataType;
}

/** Computes the elements of a node's output, row-major. Booleans are 0 and 1. */
export type Evaluator = (evaluation: Evaluation) => readonly number[];

/** The contents of input `index`. @throws DistilleryError when it is missing. */
export function knownInput({ node, inputs }: Evaluation, index: number): Tensor {
  const tensor = inputs[index];
  if (!tensor) throw misfit(node, `input ${index} is missing`);
  return tensor;
}

/** The elements of input `index` as numbers. */
export function numbersOf(evaluation: Evaluation, index: number): number[] {
  return toNumbers(knownInput(evaluation, index));
}

/** Number of elements from one index to the next, by axis. */
export function stridesOf(shape: Dimensions): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  }
  return strides;
}

/** The index tuples of a tensor of this shape, row-major. */
export function* indicesIn(shape: Dimensions): Generator<readonly number[]> {
  const count = shape.reduce((product, size) => product * size, 1);
  const strides = stridesOf(shape);
  for (let flat = 0; flat < count; flat++) {
    yield shape.map((size, axis) => Math.floor(flat / (strides[axis] ?? 1)) % size);
  }
}

/** The elements of a tensor broadcast to a shape, row-major. */
export function broadcastNumbers(tensor: Tensor, shape: Dimensions): number[] {
  const numbers = toNumbers(tensor);
  const strides = stridesOf(tensor.shape);
  const offset = shape.length - tensor.shape.length;
  return Array.from(indicesIn(shape), (index) => {
    const flat = tensor.shape.reduce(
      (sum, size, axis) => sum + (size === 1 ? 0 : (index[axis + offset] ?? 0) * (strides[axis] ?? 1)),
      0,
    );
    return numbers[flat] ?? 0;
  });
}
