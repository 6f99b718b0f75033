import { dimensionsOf } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';

/** Where the samples of a batch lie in a value. */
export interface BatchPosition {
  /** The axis that grows with the batch. */
  readonly axis: number;
  /** How many elements, counted in steps of whole batches, lie before it: the product of the sizes outside of the batch. */
  readonly outside: number;
  /** How many times as large the batch is in the larger graph. */
  readonly growth: number;
}

/** The one axis on which two values that stand for each other differ; undefined when there is none, or more than one. */
export function changedAxis(before: Value | undefined, after: Value | undefined): number | undefined {
  if (!before || !after || before.shape.length !== after.shape.length) return undefined;
  const axes = [...before.shape.keys()].filter((axis) => before.shape[axis] !== after.shape[axis]);
  return axes.length === 1 ? axes[0] : undefined;
}

/** Where the batch lies, from what a value is for the old and the larger batch, taking it for the outer part of its axis. */
export function positionOfBatch(before: Value, after: Value): BatchPosition | undefined {
  const axis = changedAxis(before, after);
  if (axis === undefined) return undefined;
  const [old, sizes] = [dimensionsOf(before), dimensionsOf(after)];
  const growth = (sizes[axis] ?? 1) / (old[axis] ?? 1);
  return { axis, outside: product(old.slice(0, axis)), growth };
}

/** A shape for the old batch, the axis of it that grows with the batch, and where the batch lies if the axis does not tell. */
export interface CarriedBatch {
  readonly shape: readonly number[];
  readonly axis: number;
  readonly position?: BatchPosition;
}

/**
 * Where the batch goes when a value gets other dimensions over the same elements, in the same order. With an axis of its own it
 * keeps it; merged with others it is the outer part of the axis that begins where it lies or, where that is the last one, which
 * holds features, the inner part of the one before.
 */
export function carryBatch({ axis: old, outside, growth }: BatchPosition, shape: readonly number[]): CarriedBatch {
  const begins = shape.flatMap((_, axis) => (product(shape.slice(0, axis)) === outside ? [axis] : []));
  const alone = begins.filter((axis) => shape[axis] === 1);
  const own = alone.includes(old) ? old : alone[0];
  if (own !== undefined) return { shape, axis: own };
  const [first] = begins;
  if (first !== undefined && (first < shape.length - 1 || first === 0)) return { shape, axis: first };
  // It lies within, or at the end of, the axis whose elements reach up to it.
  const within = shape.findIndex((_, axis) => product(shape.slice(0, axis + 1)) >= outside);
  const axis = Math.max(0, within);
  return { shape, axis, position: { axis, outside, growth } };
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1);
}
