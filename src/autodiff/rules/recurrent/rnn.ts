import type { Value } from '../../../onnx/node.ts';
import { formula } from '../../formula.ts';
import { sumOver } from '../../layout.ts';
import type { GradientRule } from '../../rule.ts';
import {
  joinSteps,
  project,
  recurrent,
  stateAt,
  stepsOf,
  weightGradient,
  type Direction,
  type DirectionGradients,
} from './recurrence.ts';

/** f′ of what a step sums up, from the sums. */
type Slope = (direction: Direction, sums: Value) => Value;

const tanh: Slope = ({ graph }, sums) => {
  const formulas = formula(graph);
  return formulas.sub(1, formulas.square(formulas.tanh(sums)));
};

const slopes: ReadonlyMap<string, Slope> = new Map<string, Slope>([
  ['Tanh', tanh],
  ['Relu', ({ graph }, sums) => formula(graph).isGreater(sums, 0)],
]);

/** Simple recurrent layer (Elman 1990): H = f(x Wᵀ + H₋₁ Rᵀ + biases), where f is tanh or ReLU. */
const differentiate =
  (slope: Slope) =>
  (direction: Direction): DirectionGradients => {
    const { graph, x, weights, recurrence, bias, previous } = direction;
    const { add, mul } = formula(graph);
    const fromInput = project(graph, x, weights, bias && add(bias.input, bias.recurrent));
    const sums = add(fromInput, project(graph, previous, recurrence));
    let hidden = stateAt(direction.states, 0).last;
    const perStep: Value[] = [];
    for (const step of stepsOf(direction, { outputs: direction.outputs, slope: slope(direction, sums) }).reverse()) {
      const sum = mul(hidden ? add(step.outputs, hidden) : step.outputs, step.slope);
      perStep.push(sum);
      hidden = graph.op('MatMul', [sum, recurrence]);
    }
    const perSum = joinSteps(direction, perStep.reverse());
    const bySum = sumOver(graph, perSum, [0, 1], false);
    return {
      x: graph.op('MatMul', [perSum, weights]),
      weights: weightGradient(graph, perSum, x),
      recurrence: weightGradient(graph, perSum, previous),
      biases: { input: bySum, recurrent: bySum },
      starts: hidden ? [hidden] : [],
    };
  };

/** Which of the activations it has stands in an attribute of the node, once for each direction. */
const rnn: GradientRule = (context) => {
  const given = context.node.attributes['activations'];
  const name = (given?.kind === 'strings' ? given.value[0] : undefined) ?? 'Tanh';
  return recurrent(1, differentiate(slopes.get(name) ?? tanh), [slopes.has(name) ? name : 'Tanh'])(context);
};

export const rnnRules: Readonly<Record<string, GradientRule>> = { RNN: rnn };
