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

/** The gates of all steps, each [steps, batch, units]. */
interface Gates {
  readonly input: Value;
  readonly output: Value;
  readonly forget: Value;
  readonly proposal: Value;
}

/**
 * Long short-term memory with forget gates (Gers et al. 2000), the gates in ONNX's order i, o, f, c:
 * C = f ⊙ C₋₁ + i ⊙ c and H = o ⊙ tanh C, where i, o, f are sigmoids and c a tanh of x Wᵀ + H₋₁ Rᵀ + biases.
 */
function differentiate(direction: Direction): DirectionGradients {
  const { graph, x, weights, recurrence, bias, previous, units } = direction;
  const { add, mul, sub, square, sigmoid, tanh } = formula(graph);
  const fromInput = project(graph, x, weights, bias && add(bias.input, bias.recurrent));
  const sums = add(fromInput, project(graph, previous, recurrence));
  const gates: Gates = {
    input: sigmoid(gateOf(graph, sums, 2, 0, units)),
    output: sigmoid(gateOf(graph, sums, 2, 1, units)),
    forget: sigmoid(gateOf(graph, sums, 2, 2, units)),
    proposal: tanh(gateOf(graph, sums, 2, 3, units)),
  };
  const cells = cellsOf(direction, gates);
  const bent = tanh(cells.after);
  const slope = (gate: Value) => mul(gate, sub(1, gate));
  const { sums: perSum, starts } = goBack(direction, {
    outputs: direction.outputs,
    forget: gates.forget,
    // What the gradient of H is multiplied by to give that of C and of o's sum,
    hiddenToCell: mul(gates.output, sub(1, square(bent))),
    hiddenToOutput: mul(bent, slope(gates.output)),
    // and that of C to give those of the sums of i, f and c.
    cellToInput: mul(gates.proposal, slope(gates.input)),
    cellToForget: mul(cells.before, slope(gates.forget)),
    cellToProposal: mul(gates.input, sub(1, square(gates.proposal))),
  });
  const bySum = sumOver(graph, perSum, [0, 1], false);
  return {
    x: graph.op('MatMul', [perSum, weights]),
    weights: weightGradient(graph, perSum, x),
    recurrence: weightGradient(graph, perSum, previous),
    biases: { input: bySum, recurrent: bySum },
    starts,
  };
}

/** The cell states before and after every step, which the node keeps to itself. */
function cellsOf(direction: Direction, { input, forget, proposal }: Gates): { before: Value; after: Value } {
  const { add, mul } = formula(direction.graph);
  const before: Value[] = [];
  const after: Value[] = [];
  let cell = stateAt(direction.states, 1).start;
  for (const step of stepsOf(direction, { forget, added: mul(input, proposal) })) {
    before.push(cell);
    cell = add(mul(step.forget, cell), step.added);
    after.push(cell);
  }
  return { before: joinSteps(direction, before), after: joinSteps(direction, after) };
}

type Factor =
  | 'outputs'
  | 'forget'
  | 'hiddenToCell'
  | 'hiddenToOutput'
  | 'cellToInput'
  | 'cellToForget'
  | 'cellToProposal';

/** Through the steps from the last one: gradients of the gates' sums, [steps, batch, 4 · units], and of the states. */
function goBack(
  direction: Direction,
  factors: Readonly<Record<Factor, Value>>,
): { sums: Value; starts: readonly Value[] } {
  const { graph, recurrence, states } = direction;
  const { add, mul } = formula(graph);
  let hidden = stateAt(states, 0).last;
  let cell = stateAt(states, 1).last;
  const sums: Value[] = [];
  for (const step of stepsOf(direction, factors).reverse()) {
    const h: Value = hidden ? add(step.outputs, hidden) : step.outputs;
    const throughHidden = mul(h, step.hiddenToCell);
    const c: Value = cell ? add(throughHidden, cell) : throughHidden;
    const sum = concat(
      graph,
      [mul(c, step.cellToInput), mul(h, step.hiddenToOutput), mul(c, step.cellToForget), mul(c, step.cellToProposal)],
      2,
    );
    sums.push(sum);
    hidden = graph.op('MatMul', [sum, recurrence]);
    cell = mul(c, step.forget);
  }
  return { sums: joinSteps(direction, sums.reverse()), starts: [hidden, cell].filter((start) => start !== undefined) };
}

export const lstmRules: Readonly<Record<string, GradientRule>> = { LSTM: recurrent(2, differentiate) };
