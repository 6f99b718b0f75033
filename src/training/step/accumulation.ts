import { formula } from '../../autodiff/formula.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';

/** Name of the scalar that is 1 at a step that ends with an update, and 0 at the others. */
export const UPDATE_SCALAR = 'accumulate.update';

/** Gradients that are averaged over several steps before the weights are updated with them. */
export interface Accumulation {
  /** Whether the weights are updated at this step, a boolean [1]. */
  readonly isUpdate: Value;
  /**
   * The mean so far of a group's gradients, and what is kept of it for the next step: nothing after an update.
   * @param sofar what was kept of it
   */
  add(sofar: Value, gradient: Value): { readonly mean: Value; readonly next: Value };
}

/** @param steps how many there are in an update */
export function buildAccumulation(graph: Graph, steps: number): Accumulation {
  const { add, mul, sub } = formula(graph);
  const update = graph.input(UPDATE_SCALAR, 'float32', [1]);
  return {
    isUpdate: graph.op('Greater', [update, graph.scalar(0.5)]),
    add: (sofar, gradient) => {
      const mean = add(sofar, mul(gradient, 1 / steps));
      return { mean, next: mul(mean, sub(1, update)) };
    },
  };
}

/** The value of `UPDATE_SCALAR`. @param step counted from 1 */
export function isUpdateAt(step: number, accumulate = 1): number {
  return step % accumulate === 0 ? 1 : 0;
}

/** The update that a step belongs to, counted from 1 as steps are. */
export function updateOf(step: number, accumulate = 1): number {
  return Math.ceil(step / accumulate);
}
