import { intOf } from '../../../onnx/attributes.ts';
import type { Value } from '../../../onnx/node.ts';
import { formula } from '../../formula.ts';
import { concat, sumOver } from '../../layout.ts';
import type { GradientRule } from '../../rule.ts';
import {
  gateOf,
  joinSteps,
  project,
  recurrent,
  stateAt,
  stepsOf,
  weightGradient,
  type Direction,
  type DirectionGradients,
} from './recurrence.ts';

/**
 * Gated recurrent unit (Cho et al., arXiv 1406.1078), the gates in ONNX's order z, r, h:
 * H = (1 − z) ⊙ n + z ⊙ H₋₁, where z and r are sigmoids of x Wᵀ + H₋₁ Rᵀ + biases and n is
 * tanh(x Wₕᵀ + (r ⊙ H₋₁) Rₕᵀ + biases), or with `linear_before_reset` tanh(x Wₕᵀ + b + r ⊙ (H₋₁ Rₕᵀ + b′)).
 */
const differentiate =
  (resetAfter: boolean) =>
  (direction: Direction): DirectionGradients => {
    const { graph, x, weights, recurrence, bias, previous, units } = direction;
    const { add, mul, sub, square, sigmoid, tanh } = formula(graph);
    const fromInput = project(graph, x, weights, bias?.input);
    const columns = (gate: number) => gateOf(graph, fromInput, 2, gate, units);
    const rows = (gate: number) => gateOf(graph, recurrence, 0, gate, units);
    const offset = (gate: number) => bias && gateOf(graph, bias.recurrent, 0, gate, units);
    const update = sigmoid(add(columns(0), project(graph, previous, rows(0), offset(0))));
    const reset = sigmoid(add(columns(1), project(graph, previous, rows(1), offset(1))));
    // What r is multiplied by, and the part of n's sum that comes of the product.
    const held = resetAfter ? project(graph, previous, rows(2), offset(2)) : previous;
    const kept = mul(reset, held);
    const proposal = tanh(add(columns(2), resetAfter ? kept : project(graph, kept, rows(2), offset(2))));
    const slope = (gate: Value) => mul(gate, sub(1, gate));
    const perStep = goBack(direction, rows, resetAfter, {
      outputs: direction.outputs,
      update,
      reset,
      hiddenToProposal: mul(sub(1, update), sub(1, square(proposal))),
      hiddenToUpdate: mul(sub(previous, proposal), slope(update)),
      keptToReset: mul(held, slope(reset)),
    });
    const sums = concat(graph, [perStep.update, perStep.reset, perStep.proposal], 2);
    const recurrentSums = concat(graph, [perStep.update, perStep.reset, perStep.held], 2);
    const byHidden = weightGradient(graph, concat(graph, [perStep.update, perStep.reset], 2), previous);
    const byProposal = weightGradient(graph, perStep.held, resetAfter ? previous : kept);
    return {
      x: graph.op('MatMul', [sums, weights]),
      weights: weightGradient(graph, sums, x),
      recurrence: concat(graph, [byHidden, byProposal], 0),
      biases: {
        input: sumOver(graph, sums, [0, 1], false),
        recurrent: sumOver(graph, recurrentSums, [0, 1], false),
      },
      starts: [perStep.start],
    };
  };

type Factor = 'outputs' | 'update' | 'reset' | 'hiddenToProposal' | 'hiddenToUpdate' | 'keptToReset';

interface StepGradients {
  /** Of the sums of z, r and n, each [steps, batch, units]. */
  readonly update: Value;
  readonly reset: Value;
  readonly proposal: Value;
  /** Of the product with Rₕ, bias included: that of n's sum, or with `linear_before_reset` r times it. */
  readonly held: Value;
  /** Of the state before the first step. */
  readonly start: Value;
}

/** Through the steps from the last one. */
function goBack(
  direction: Direction,
  rows: (gate: number) => Value,
  resetAfter: boolean,
  factors: Readonly<Record<Factor, Value>>,
): StepGradients {
  const { graph, states } = direction;
  const { add, mul } = formula(graph);
  const gateRows = concat(graph, [rows(0), rows(1)], 0);
  const proposalRows = rows(2);
  const lists: Record<'update' | 'reset' | 'proposal' | 'held', Value[]> = {
    update: [],
    reset: [],
    proposal: [],
    held: [],
  };
  let state = stateAt(states, 0);
  for (const step of stepsOf(direction, factors).reverse()) {
    const h = state.last ? add(step.outputs, state.last) : step.outputs;
    const update = mul(h, step.hiddenToUpdate);
    const proposal = mul(h, step.hiddenToProposal);
    const held = resetAfter ? mul(proposal, step.reset) : proposal;
    const product = graph.op('MatMul', [held, proposalRows]);
    // The gradient of r ⊙ what it is multiplied by, and what of it goes on to H₋₁.
    const kept = resetAfter ? proposal : product;
    const throughProposal = resetAfter ? product : mul(product, step.reset);
    const reset = mul(kept, step.keptToReset);
    const throughGates = graph.op('MatMul', [concat(graph, [update, reset], 2), gateRows]);
    const last = add(add(mul(h, step.update), throughProposal), throughGates);
    for (const [name, value] of Object.entries({ update, reset, proposal, held })) {
      lists[name as keyof typeof lists].push(value);
    }
    state = { start: state.start, last };
  }
  const join = (list: readonly Value[]) => joinSteps(direction, [...list].reverse());
  return {
    update: join(lists.update),
    reset: join(lists.reset),
    proposal: join(lists.proposal),
    held: join(lists.held),
    start: state.last ?? state.start,
  };
}

/** Which of the two forms it is stands in an attribute of the node. */
const gru: GradientRule = (context) =>
  recurrent(1, differentiate(intOf(context.node, 'linear_before_reset', 0) !== 0))(context);

export const gruRules: Readonly<Record<string, GradientRule>> = { GRU: gru };
