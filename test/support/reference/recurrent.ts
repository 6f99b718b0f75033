import { intOf, textOf } from '../../../src/onnx/attributes.ts';
import { at, arrayOf, eachIndex, positionOf, sizeOf, type NumberArray } from './array.ts';
import { given, type Operator } from './operator.ts';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** One cell: the pre-activations that x brings, the recurrent product and the state → the new state (hidden first). */
type Cell = (
  fromInput: readonly number[],
  recurrent: (gate: number, hidden: readonly number[], unit: number) => number,
  state: readonly (readonly number[])[],
) => number[][];

/** Runs a cell over the sequence in every direction: inputs X [T, B, I], W [D, G·H, I], R [D, G·H, H], B [D, 2·G·H]. */
const recurrence =
  (
    states: number,
    cellOf: (bias: (gate: number, unit: number) => number, size: number, linear: boolean) => Cell,
  ): Operator =>
  ([xInput, wInput, rInput, biasInput, , ...initial], node) => {
    const x = given(xInput);
    const w = given(wInput);
    const r = given(rInput);
    const [steps, batch, width] = x.shape as [number, number, number];
    const [directions, rows] = w.shape as [number, number];
    const size = r.shape[2]!;
    const shape = [steps, directions, batch, size];
    const all = new Float64Array(sizeOf(shape));
    const last: NumberArray[] = Array.from({ length: states }, () =>
      arrayOf([directions, batch, size], new Float64Array(directions * batch * size)),
    );
    const mode = textOf(node, 'direction', 'forward');
    eachIndex([directions, batch], ([direction, sample]) => {
      const biasAt = (row: number) => (biasInput ? at(biasInput, [direction!, row]) : 0);
      const recurrentBias = (gate: number, unit: number) => biasAt(rows + gate * size + unit);
      const cell = cellOf(recurrentBias, size, intOf(node, 'linear_before_reset', 0) === 1);
      const product = (gate: number, hidden: readonly number[], unit: number) =>
        hidden.reduce((sum, value, k) => sum + value * at(r, [direction!, gate * size + unit, k]), 0);
      let state = last.map((_, which) =>
        Array.from({ length: size }, (_entry, unit) => {
          const start = initial[which];
          return start ? at(start, [direction!, sample!, unit]) : 0;
        }),
      );
      for (let step = 0; step < steps; step++) {
        const time = mode === 'reverse' || direction === 1 ? steps - 1 - step : step;
        const fromInput = Array.from({ length: rows }, (_, row) => {
          let sum = biasAt(row);
          for (let k = 0; k < width; k++) sum += at(x, [time, sample!, k]) * at(w, [direction!, row, k]);
          return sum;
        });
        state = cell(fromInput, product, state);
        state[0]!.forEach((value, unit) => {
          all[positionOf(shape, [time, direction!, sample!, unit])] = value;
        });
      }
      state.forEach((values, which) => {
        values.forEach((value, unit) => {
          last[which]!.data[positionOf([directions, batch, size], [direction!, sample!, unit])] = value;
        });
      });
    });
    return [{ shape, data: all }, ...last];
  };

/** Gates i, o, f, c. */
const lstm = recurrence(2, (bias, size) => (fromInput, recurrent, state) => {
  const [hidden, memory] = state as [number[], number[]];
  const gate = (index: number, unit: number) =>
    fromInput[index * size + unit]! + recurrent(index, hidden, unit) + bias(index, unit);
  const next = memory.map(
    (value, unit) => sigmoid(gate(2, unit)) * value + sigmoid(gate(0, unit)) * Math.tanh(gate(3, unit)),
  );
  return [next.map((value, unit) => sigmoid(gate(1, unit)) * Math.tanh(value)), next];
});

/** Gates z, r, h. */
const gru = recurrence(1, (bias, size, linear) => (fromInput, recurrent, state) => {
  const [hidden] = state as [number[]];
  const gate = (index: number, unit: number) =>
    sigmoid(fromInput[index * size + unit]! + recurrent(index, hidden, unit) + bias(index, unit));
  const reset = hidden.map((_, unit) => gate(1, unit));
  const kept = hidden.map((value, unit) => value * reset[unit]!);
  return [
    hidden.map((value, unit) => {
      const past = linear
        ? reset[unit]! * (recurrent(2, hidden, unit) + bias(2, unit))
        : recurrent(2, kept, unit) + bias(2, unit);
      const proposal = Math.tanh(fromInput[2 * size + unit]! + past);
      const update = gate(0, unit);
      return (1 - update) * proposal + update * value;
    }),
  ];
});

const rnn: Operator = (inputs, node) => {
  const given = node.attributes['activations'];
  const bend = given?.kind === 'strings' && given.value[0] === 'Relu' ? (x: number) => Math.max(x, 0) : Math.tanh;
  return recurrence(1, (bias, size) => (fromInput, recurrent, state) => {
    const [hidden] = state as [number[]];
    return [
      Array.from({ length: size }, (_, unit) => bend(fromInput[unit]! + recurrent(0, hidden, unit) + bias(0, unit))),
    ];
  })(inputs, node);
};

export const recurrentOperators: Readonly<Record<string, Operator>> = { LSTM: lstm, GRU: gru, RNN: rnn };
