import type { Node, Value } from '../../onnx/node.ts';
import { labelledEquation } from '../../onnx/shapes/einsum.ts';
import { ChannelSpace, type Part } from './channelSpace.ts';
import type { ChannelTracker } from './channelTracker.ts';

/**
 * A product that is written with letters for its axes. Channels along a letter are the same wherever it stands; a weight with a letter
 * that no other factor has makes new ones along the first such letter, which of a projection to heads are the heads.
 */
export function followEinsum(tracker: ChannelTracker, node: Node): void {
  const { inputs: terms, output } = labelledEquation(node);
  const known = new Map<string, readonly Part[]>();
  node.inputs.forEach((input, index) => {
    const channels = tracker.channelsOf(input);
    if (!channels) return;
    const letter = terms[index]?.[channels.axis];
    if (letter === undefined || channels.isPerSample === true) throw tracker.refusal(node);
    const others = known.get(letter);
    if (others) tracker.tie(node, others, channels.parts);
    else known.set(letter, channels.parts);
  });
  const followed = output.filter((letter) => known.has(letter));
  if (followed.length > 1) throw tracker.refusal(node);
  let made: { readonly letter: string; readonly parts: readonly Part[] } | undefined;
  node.inputs.forEach((input, index) => {
    if (!input || !tracker.weightOf(input)) return;
    const own = terms[index] ?? [];
    const elsewhere = new Set(terms.filter((_, other) => other !== index).flat());
    const fresh = own.findIndex((letter) => output.includes(letter) && !elsewhere.has(letter));
    if (fresh < 0 || followed.length > 0 || made) return;
    made = { letter: own[fresh] ?? '', parts: [{ space: tracker.produce(node, input, fresh), spread: 1 }] };
  });
  const all = new Map([...known, ...(made ? [[made.letter, made.parts] as const] : [])]);
  node.inputs.forEach((input, index) => {
    if (input && !tracker.channelsOf(input))
      readFactor(tracker, node, { input, index, letters: terms[index] ?? [] }, all);
  });
  const [letter = made?.letter] = followed;
  const parts = letter === undefined ? undefined : all.get(letter);
  if (letter !== undefined && parts) tracker.follow(node, { axis: output.indexOf(letter), parts });
}

/** A factor that has no channels yet: a weight is cut along the letters that have some, a constant is narrowed, and anything else keeps them all. */
function readFactor(
  tracker: ChannelTracker,
  node: Node,
  { input, index, letters }: { readonly input: Value; readonly index: number; readonly letters: readonly string[] },
  known: ReadonlyMap<string, readonly Part[]>,
): void {
  letters.forEach((letter, axis) => {
    const parts = known.get(letter);
    if (tracker.weightOf(input)) {
      if (parts) tracker.cut(node, input, axis, parts);
      else {
        const space = new ChannelSpace(Number(input.shape[axis]));
        space.fix();
        tracker.cut(node, input, axis, [{ space, spread: 1 }]);
      }
      return;
    }
    if (!parts || input.shape[axis] === 1) return;
    if (tracker.isConstant(input)) tracker.narrow(node, index, axis, parts);
    else for (const { space } of parts) space.fix();
  });
}
