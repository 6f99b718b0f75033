import type { Attributes, Value } from '../graph.ts';
import type { DataType, Shape, Tensor } from '../tensor.ts';

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

/** What a rule finds: each output's type and shape and, where the first output is an integer tensor that can be computed
 *  already (a shape, axes, indices), its contents. */
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
