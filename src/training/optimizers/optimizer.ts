import type { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import type { Dimensions } from '../../onnx/tensor.ts';

/** One group's vectors, before the step. */
export interface OptimizerInputs {
  readonly parameters: Value;
  readonly gradient: Value;
  /** Dimensions of the weights that lie one after another in the vectors. */
  readonly shapes: readonly Dimensions[];
  /** State vectors, one per name in `slots`, in their shape. */
  readonly slots: readonly Value[];
  /** Scalars, one per name in `scalars`. */
  readonly scalars: readonly Value[];
  /** Whether weight decay acts on these parameters: not on biases, nor on scales of normalisations. */
  readonly decays: boolean;
}

/** Where a training stands when a step is done. */
export interface Moment {
  readonly learningRate: number;
  /** Counted from 1; steps that are left out because gradients overflowed in half precision count, too. */
  readonly step: number;
}

/** An update rule: what it remembers between steps, what the host feeds it, and the nodes of one step. */
export interface Optimizer {
  /** Names of the state vectors it keeps for every parameter; they start as zeros. */
  readonly slots: readonly string[];
  /** Dimensions that a state vector of so many elements is kept in; by default it is a vector. */
  readonly slotShape?: (length: number) => readonly number[];
  /** Names of the scalars it is fed at every step. */
  readonly scalars: readonly string[];
  /** Adds the update to the graph and returns the new vectors. */
  build(graph: Graph, inputs: OptimizerInputs): { readonly parameters: Value; readonly slots: readonly Value[] };
  /** The scalars' values at a step. */
  scalarsAt(moment: Moment): readonly number[];
}
