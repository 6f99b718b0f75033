import { inputOf, intOf, misfit, textOf } from '../attributes.ts';
import { dimensionAt, mayEqual, type ShapeRule } from './rule.ts';

/**
 * A recurrent layer: Y [sequence, directions, batch, hidden], the last hidden state and, for LSTM, the last cell state,
 * [directions, batch, hidden]. With `layout` 1 the batch comes first everywhere.
 * @param gates gates whose weights stand below each other
 */
const recurrent =
  (gates: number): ShapeRule =>
  ({ node }) => {
    const input = inputOf(node, 0);
    const weights = inputOf(node, 1);
    const recurrence = inputOf(node, 2);
    if (input.shape.length !== 3 || weights.shape.length !== 3 || recurrence.shape.length !== 3) {
      throw misfit(node, 'input and weights must have three axes each');
    }
    const batchFirst = intOf(node, 'layout', 0) === 1;
    const directions = textOf(node, 'direction', 'forward') === 'bidirectional' ? 2 : 1;
    const hidden = dimensionAt(node, recurrence.shape, 2);
    const [features, rows] = [dimensionAt(node, input.shape, 2), dimensionAt(node, weights.shape, 1)];
    if (!mayEqual(weights.shape[2], features)) throw misfit(node, `the weights do not expect ${features} features`);
    if (!mayEqual(weights.shape[0], directions)) throw misfit(node, `the weights are not for ${directions} directions`);
    if (typeof hidden === 'number' && !mayEqual(rows, gates * hidden)) {
      throw misfit(node, `${gates} gates of ${hidden} units need ${gates * hidden} rows of weights, not ${rows}`);
    }
    const [sequence, batch] = [
      dimensionAt(node, input.shape, batchFirst ? 1 : 0),
      dimensionAt(node, input.shape, batchFirst ? 0 : 1),
    ];
    const { type } = input;
    const state = { type, shape: batchFirst ? [batch, directions, hidden] : [directions, batch, hidden] };
    const all = batchFirst ? [batch, sequence, directions, hidden] : [sequence, directions, batch, hidden];
    return { results: [{ type, shape: all }, state, state] };
  };

export const recurrentRules: Readonly<Record<string, ShapeRule>> = {
  RNN: recurrent(1),
  GRU: recurrent(3),
  LSTM: recurrent(4),
};
