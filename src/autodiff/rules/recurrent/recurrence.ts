import { DistilleryError } from '../../../errors.ts';
import { floatOf, inputOf, intOf, textOf } from '../../../onnx/attributes.ts';
import { dimensionsOf, int, type Graph } from '../../../onnx/graph.ts';
import type { Node, Value } from '../../../onnx/node.ts';
import { elementCount } from '../../../onnx/tensor.ts';
import { formula } from '../../formula.ts';
import { concat, reshape, slice, transpose, zeros } from '../../layout.ts';
import { unsupported, type GradientContext, type GradientRule } from '../../rule.ts';

/** A state that is handed from step to step. */
export interface State {
  /** Before the first step, [1, batch, units]. */
  readonly start: Value;
  /** Gradient with respect to it after the last step, where the loss depends on it. */
  readonly last: Value | undefined;
}

/** One direction of a recurrent node. */
export interface Direction {
  readonly graph: Graph;
  /** Inputs of all steps, [steps, batch, features]. */
  readonly x: Value;
  /** Weights of the inputs, [gates · units, features]. */
  readonly weights: Value;
  /** Weights of the hidden state, [gates · units, units]. */
  readonly recurrence: Value;
  /** Biases of both products, each [gates · units]. */
  readonly bias: { readonly input: Value; readonly recurrent: Value } | undefined;
  /** The hidden state, then the others. */
  readonly states: readonly State[];
  /** Hidden state before every step, [steps, batch, units]. */
  readonly previous: Value;
  /** Gradient with respect to the hidden states, [steps, batch, units]. */
  readonly outputs: Value;
  readonly units: number;
  /** Whether the last step of the sequence is taken first. */
  readonly backwards: boolean;
}

/** Gradients of one direction, in the shapes of `Direction`. */
export interface DirectionGradients {
  readonly x: Value;
  readonly weights: Value;
  readonly recurrence: Value;
  readonly biases: { readonly input: Value; readonly recurrent: Value };
  /** With respect to each state before the first step. */
  readonly starts: readonly Value[];
}

/**
 * The rule of a recurrent operator with inputs X, W, R, B, sequence lengths, initial states and outputs Y, final states.
 * What all steps have in common runs as one product over the sequence, because every hidden state is known already;
 * only the recurrences are unrolled, a few nodes for each step.
 * @param usual the activations of one direction that `differentiate` is for
 */
export const recurrent =
  (
    states: number,
    differentiate: (direction: Direction) => DirectionGradients,
    usual: readonly string[] = ['Sigmoid', ...Array.from({ length: states }, () => 'Tanh')],
  ): GradientRule =>
  (context) => {
    const { graph, node, needs } = context;
    refuseUncommonForms(node, states, usual);
    const results = directionsOf(context, states).map(differentiate);
    const stack = (of: (result: DirectionGradients) => Value) =>
      concat(
        graph,
        results.map((result) => reshape(graph, of(result), [1, ...dimensionsOf(of(result))])),
        0,
      );
    const sum = (values: readonly Value[]) =>
      values.reduce<Value | undefined>((left, right) => (left ? formula(graph).add(left, right) : right), undefined);
    return [
      needs(0) ? sum(results.map(({ x }) => x)) : undefined,
      needs(1) ? stack(({ weights }) => weights) : undefined,
      needs(2) ? stack(({ recurrence }) => recurrence) : undefined,
      needs(3) ? stack(({ biases }) => concat(graph, [biases.input, biases.recurrent], 0)) : undefined,
      undefined,
      ...Array.from({ length: states }, (_, state) =>
        needs(5 + state)
          ? concat(
              graph,
              results.flatMap(({ starts }) => starts.slice(state, state + 1)),
              0,
            )
          : undefined,
      ),
    ];
  };

function refuseUncommonForms(node: Node, states: number, usual: readonly string[]): void {
  if (node.inputs[4]) throw unsupported(node, 'sequences of different lengths have no gradient rule');
  if (node.inputs[5 + states]) throw unsupported(node, 'peepholes have no gradient rule');
  if (floatOf(node, 'clip', 0) !== 0) throw unsupported(node, 'clipping has no gradient rule');
  if (intOf(node, 'input_forget', 0) === 1) throw unsupported(node, 'coupled gates have no gradient rule');
  if (intOf(node, 'layout', 0) === 1) throw unsupported(node, 'layout 1 has no gradient rule');
  const given = node.attributes['activations'];
  if (
    given &&
    !(given.kind === 'strings' && given.value.every((name, index) => name === usual[index % usual.length]))
  ) {
    throw unsupported(node, 'activations of its own have no gradient rule');
  }
}

function directionsOf({ graph, node, outputGradients }: GradientContext, states: number): Direction[] {
  const x = inputOf(node, 0);
  const [steps = 1, batch = 1] = dimensionsOf(x);
  const [count = 1, rows = 1] = dimensionsOf(inputOf(node, 1));
  const units = dimensionsOf(inputOf(node, 2))[2] ?? 1;
  const hidden = hiddenStates(graph, node);
  const entry = (value: Value, index: number) => slice(graph, value, [{ axis: 0, start: index, end: index + 1 }]);
  /** Entry `index` of an axis, which goes. */
  const take = (value: Value, axis: number, index: number) => {
    const shape = dimensionsOf(value).filter((_, other) => other !== axis);
    return reshape(graph, slice(graph, value, [{ axis, start: index, end: index + 1 }]), shape);
  };
  return Array.from({ length: count }, (_, index): Direction => {
    const backwards = index === 1 || textOf(node, 'direction', 'forward') === 'reverse';
    const stateOf = (which: number): State => {
      const start = node.inputs[5 + which];
      const last = outputGradients[1 + which];
      return {
        start: start ? entry(start, index) : zeros(graph, [1, batch, units], x),
        last: last && entry(last, index),
      };
    };
    const all = Array.from({ length: states }, (_state, which) => stateOf(which));
    const bias = node.inputs[3] && take(node.inputs[3], 0, index);
    const half = (vector: Value, start: number) => slice(graph, vector, [{ axis: 0, start, end: start + rows }]);
    const outputs = outputGradients[0];
    return {
      graph,
      x,
      weights: take(inputOf(node, 1), 0, index),
      recurrence: take(inputOf(node, 2), 0, index),
      bias: bias && { input: half(bias, 0), recurrent: half(bias, rows) },
      states: all,
      previous: before(graph, take(hidden, 1, index), stateAt(all, 0).start, backwards),
      outputs: outputs ? take(outputs, 1, index) : zeros(graph, [steps, batch, units], x),
      units,
      backwards,
    };
  });
}

/** The hidden states of all steps: the node's first output, or where it is omitted that of the node run again. */
function hiddenStates(graph: Graph, node: Node): Value {
  const [all] = node.outputs;
  if (all) return all;
  const [steps = 1, batch = 1] = dimensionsOf(inputOf(node, 0));
  const lengths = graph.constant({ type: 'int32', shape: [batch], data: new Int32Array(batch).fill(steps) });
  // ONNX Runtime takes two layers that differ in which outputs they have for one, and fails; the lengths keep them apart.
  const inputs = Array.from({ length: Math.max(5, node.inputs.length) }, (_, index) =>
    index === 4 ? lengths : node.inputs[index],
  );
  return graph.op(node.operator, inputs, node.attributes);
}

/** The states before every step from those after every step and the one before the first. */
function before(graph: Graph, after: Value, start: Value, backwards: boolean): Value {
  const steps = dimensionsOf(after)[0] ?? 1;
  if (steps === 1) return start;
  if (backwards) return concat(graph, [slice(graph, after, [{ axis: 0, start: 1, end: steps }]), start], 0);
  return concat(graph, [start, slice(graph, after, [{ axis: 0, start: 0, end: steps - 1 }])], 0);
}

/** State `index` of a direction. */
export function stateAt(states: readonly State[], index: number): State {
  const state = states[index];
  if (!state) throw new DistilleryError('INTERNAL', `The recurrent operator has no state ${index}.`);
  return state;
}

/** These values, each [steps, …], step by step, [1, …], in the order in which the direction takes the steps. */
export function stepsOf<Name extends string>(
  { graph, backwards }: Direction,
  values: Readonly<Record<Name, Value>>,
): Readonly<Record<Name, Value>>[] {
  const names = Object.keys(values) as Name[];
  const steps: Record<Name, Value>[] = [];
  for (const name of names) {
    splitSteps(graph, values[name]).forEach((piece, place) => {
      steps[place] = { ...steps[place], [name]: piece } as Record<Name, Value>;
    });
  }
  return backwards ? steps.reverse() : steps;
}

/** Values of all steps, in the order in which the direction takes them, as one value. */
export function joinSteps({ graph, backwards }: Direction, steps: readonly Value[]): Value {
  return concat(graph, backwards ? [...steps].reverse() : steps, 0);
}

/** The entries of the first axis, each as a value whose first axis has size 1. */
function splitSteps(graph: Graph, value: Value): Value[] {
  const steps = dimensionsOf(value)[0] ?? 1;
  if (steps === 1) return [value];
  const outputs = Array.from({ length: steps }, () => graph.freshName('step'));
  const pieces = graph.node('Split', [value, graph.integers(outputs.map(() => 1))], { outputs });
  return pieces.filter((piece) => piece !== undefined);
}

/** The columns of one gate among the sums of all gates, or the rows of one gate among weights. */
export function gateOf(graph: Graph, values: Value, axis: number, gate: number, units: number): Value {
  return slice(graph, values, [{ axis, start: gate * units, end: (gate + 1) * units }]);
}

/** value · weightsᵀ of every step, and a bias. */
export function project(graph: Graph, value: Value, weights: Value, bias?: Value): Value {
  const product = graph.op('MatMul', [value, transpose(graph, weights, [1, 0])]);
  return bias ? formula(graph).add(product, bias) : product;
}

/** The gradient of weights that made sums of `value`, from the gradient of the sums: over all steps and samples. */
export function weightGradient(graph: Graph, gradient: Value, value: Value): Value {
  const rows = (steps: Value) => {
    const width = dimensionsOf(steps).at(-1) ?? 1;
    return reshape(graph, steps, [elementCount(dimensionsOf(steps)) / width, width]);
  };
  return graph.op('Gemm', [rows(gradient), rows(value)], { transA: int(1) });
}
