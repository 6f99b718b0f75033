import { countMacs } from '../../onnx/cost/cost.ts';
import { elementCount } from '../../onnx/tensor.ts';
import type { TrainingStep } from '../step/trainingStep.ts';

/** Steps that are done in one run, at most. */
export const MOST_STEPS = 64;

/** While a run does two steps the state is held once more, while it does more, twice: from these sizes on that makes a difference. */
const LARGE_STATE_BYTES = 2 ** 24;
const VERY_LARGE_STATE_BYTES = 2 ** 25;

/** What two cores do in a millisecond, about: bytes of a state that are copied, multiply-accumulate operations. */
const COPIED_PER_MS = 8e6;
const MACS_PER_MS = 1e8;

/** Share of a step's time that the copy of the state may take, where a run is one step, and where it is two. */
const COPY_OF_ONE = 0.1;
const COPY_OF_TWO = 0.4;

/**
 * How many steps a run on the CPU does at most. The state is copied once per run, but carried on in memory of its own meanwhile: what that saves in time is
 * weighed against what it takes in memory. (A transformer of 5.8 million weights takes 1.05 times as long step by step, and 50 MB less.)
 */
export function mostStepsPerRun({ graph, state }: Pick<TrainingStep, 'graph' | 'state'>): number {
  const stateBytes = state.reduce((sum, { initial }) => sum + 4 * elementCount(initial.shape), 0);
  if (stateBytes <= LARGE_STATE_BYTES) return MOST_STEPS;
  const copyShare = stateBytes / COPIED_PER_MS / (countMacs(graph) / MACS_PER_MS);
  if (stateBytes > VERY_LARGE_STATE_BYTES && copyShare <= COPY_OF_ONE) return 1;
  return copyShare <= COPY_OF_TWO ? 2 : MOST_STEPS;
}
