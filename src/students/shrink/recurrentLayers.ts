import { intOf } from '../../onnx/attributes.ts';
import type { Node } from '../../onnx/node.ts';
import type { Part } from './channelSpace.ts';
import type { ChannelTracker } from './channelTracker.ts';

/**
 * A recurrent layer with weights W [directions, gates · units, features], R [directions, gates · units, units] and biases: its units are
 * new channels, the same for both directions.
 */
const followRecurrence =
  (gates: number) =>
  (tracker: ChannelTracker, node: Node): void => {
    const [input, weights, recurrence, bias, , ...states] = node.inputs;
    const channels = tracker.channelsOf(input);
    if (!tracker.isWeight(weights) || !tracker.isWeight(recurrence)) throw tracker.refusal(node);
    if (intOf(node, 'layout', 0) !== 0 || states.length > (gates === 4 ? 2 : 1) || (channels && channels.axis !== 2))
      throw tracker.refusal(node);
    if (channels) tracker.cut(node, weights, 2, channels.parts);
    else tracker.whole(node, weights, 2);
    const unit: Part = { space: tracker.produce(node, recurrence, 1, gates), spread: 1 };
    const rows = Array.from({ length: gates }, () => unit);
    tracker.cut(node, weights, 1, rows);
    tracker.cut(node, recurrence, 1, rows);
    tracker.cut(node, recurrence, 2, [unit]);
    if (bias) tracker.narrow(node, 3, 1, [...rows, ...rows]);
    for (const [index, state] of states.entries()) {
      const known = tracker.channelsOf(state);
      if (known && known.axis !== 2) throw tracker.refusal(node);
      if (known) tracker.tie(node, [unit], known.parts);
      else tracker.narrow(node, 5 + index, 2, [unit]);
    }
    tracker.follow(node, { axis: 3, parts: [unit] });
    for (const index of [1, 2]) tracker.follow(node, { axis: 2, parts: [unit] }, index);
  };

const followers = { RNN: followRecurrence(1), GRU: followRecurrence(3), LSTM: followRecurrence(4) };

export const recurrentFollowers = Object.entries(followers);

/** Whether a node writes down how many units it has. */
export function isRecurrent({ operator, domain }: Pick<Node, 'operator' | 'domain'>): boolean {
  return domain === '' && operator in followers;
}
