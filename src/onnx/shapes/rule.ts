import { misfit } from '../attributes.ts';
import type { Attributes, Value } from '../node.ts';
import type { DataType, Dimension, Shape, Tensor } from '../tensor.ts';

/** A node about to be added: what a shape rule may look at. */
export interface NodeSketch {
  readonly operator: string;
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly (Value | undefined)[];
  readonly attributes: Attributes;
  readonly outputCount: number;
}

/** Type and shape of one output. */
export interface Inferred {
  readonly type: DataType;
  readonly shape: Shape;
}

/** What a rule finds: each output's type and shape and, where the first output can be computed already (a shape, axes,
 *  indices), its contents. */
export interface Inference {
  readonly results: readonly Inferred[];
  readonly known?: Tensor;
}

/** What a rule is given beside the node: contents of values that are known without running the graph. */
export interface InferenceContext {
  readonly node: NodeSketch;
  /** Contents of input `index` when they are known. */
  readonly known: (index: number) => Tensor | undefined;
}

/** Infers the outputs of one operator. @throws DistilleryError naming the node when its inputs do not fit. */
export type ShapeRule = (context: InferenceContext) => Inference;

/** Axis counted from the front. */
export function positiveAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** Axis of a tensor with `rank` axes, counted from the front. @throws DistilleryError when there is no such axis. */
export function checkedAxis(node: NodeSketch, axis: number, rank: number): number {
  const positive = positiveAxis(axis, rank);
  if (positive < 0 || positive >= rank) throw misfit(node, `there is no axis ${axis} among ${rank}`);
  return positive;
}

/** The dimension on `axis`, counted from the front or, when negative, from the back. */
export function dimensionAt(node: NodeSketch, shape: Shape, axis: number): Dimension {
  const dimension = shape.at(axis);
  if (dimension === undefined) throw misfit(node, `there is no axis ${axis} among ${shape.length}`);
  return dimension;
}

/** Name of an output dimension that depends on a symbolic one in a way that has no name of its own. */
export function derivedDimension(node: NodeSketch, axis: number): string {
  return `${node.name}.${axis}`;
}

/** Product of dimensions; undefined when one is symbolic. */
export function productOf(dimensions: Shape): number | undefined {
  return dimensions.reduce<number | undefined>(
    (product, dimension) => (product === undefined || typeof dimension === 'string' ? undefined : product * dimension),
    1,
  );
}

/** All dimensions as numbers; undefined when one is symbolic. */
export function numericShape(shape: Shape): readonly number[] | undefined {
  return shape.every((dimension) => typeof dimension === 'number') ? shape : undefined;
}

/** Whether two dimensions may be equal when the model runs. */
export function mayEqual(a: Dimension | undefined, b: Dimension | undefined): boolean {
  return typeof a !== 'number' || typeof b !== 'number' || a === b;
}
