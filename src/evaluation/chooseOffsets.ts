/**
 * Numbers to add to the logits of some classes so that most samples are decided rightly: for classes that a network has
 * hardly seen and therefore believes in too little (Hinton et al., arXiv 1503.02531, section 3, correct one bias so).
 * Every class's offset is found exactly with the others kept, in turns.
 *
 * @param logits row-major [samples, classes]
 * @param labels class index of every sample
 * @param corrected the classes whose logits may be moved
 * @returns the offset of every corrected class, 0 where none helps
 */
export function chooseOffsets(
  logits: Float32Array,
  labels: Int32Array,
  classes: number,
  corrected: readonly number[],
): ReadonlyMap<number, number> {
  const offsets = new Map(corrected.map((label) => [label, 0]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const label of corrected) offsets.set(label, bestOffset(logits, labels, classes, label, offsets));
  }
  return offsets;
}

/** Turns after which offsets of several classes have settled. */
const ROUNDS = 3;

function bestOffset(
  logits: Float32Array,
  labels: Int32Array,
  classes: number,
  label: number,
  offsets: ReadonlyMap<number, number>,
): number {
  // A sample falls to the class as soon as the offset exceeds its margin; that makes it right, wrong, or neither.
  const events: { readonly margin: number; readonly gain: number }[] = [];
  labels.forEach((truth, sample) => {
    let rival = -1;
    let highest = -Infinity;
    for (let index = 0; index < classes; index++) {
      if (index === label) continue;
      const value = (logits[sample * classes + index] ?? NaN) + (offsets.get(index) ?? 0);
      if (value > highest) [rival, highest] = [index, value];
    }
    const margin = highest - (logits[sample * classes + label] ?? NaN);
    const gain = truth === label ? 1 : truth === rival ? -1 : 0;
    if (gain !== 0) events.push({ margin, gain });
  });
  events.sort((one, other) => one.margin - other.margin);
  let right = 0;
  let best = { right: -Infinity, from: 0, to: 0 };
  events.forEach(({ margin, gain }, index) => {
    right += gain;
    const next = events[index + 1]?.margin ?? margin + 1;
    if (right > best.right && next > margin) best = { right, from: margin, to: next };
  });
  const unmoved = events.reduce((sum, { margin, gain }) => (margin < 0 ? sum + gain : sum), 0);
  return best.right > unmoved ? (best.from + best.to) / 2 : 0;
}
