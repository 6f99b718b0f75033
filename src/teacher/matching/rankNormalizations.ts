import { accuracyWith, assignClasses } from './assignClasses.ts';

/** What a teacher decided when samples were normalised in one way. */
export interface Try {
  readonly name: string;
  readonly decisions: Int32Array;
}

export interface Verdict {
  /** Place among the tries; the first is the samples as they are. */
  readonly index: number;
  /** For each class the output that stands for it. */
  readonly classes: readonly number[];
  /** True when `classes` was found from the labels. */
  readonly isAssigned: boolean;
  readonly accuracy: number;
  /** The accuracy of the samples as they are, with the classes as they were taken to stand. */
  readonly before: number;
  readonly isNearChance: boolean;
}

/** Samples of each class, on average, without which classes are not assigned from labels. */
const SAMPLES_PER_CLASS = 4;
/** Share of the samples that another way of preparing has to decide rightly in addition, at least, and standard errors of that. */
const LEAST_LEAD = 0.03;
const STANDARD_ERRORS = 2;
/** The accuracy that an assignment of classes from labels has to add, at least. */
const CLEARLY = 0.1;

/**
 * Chooses how samples are to be normalised, and which output stands for which class. The samples as they are (or what is likelier) and the classes as they
 * stand remain unless another way is clearly better, or they are all decided alike; an assignment of classes is found on one half of the samples and must hold on the
 * other, and is only looked for when no normalisation does better than chance.
 *
 * @param classes for each class the output that is taken to stand for it
 * @param mayAssign false when the classes are surely known by name
 * @param isOtherLikelier whether the last way is that which such a teacher mostly wants, so that it is the one that remains
 */
export function rankNormalizations(
  tries: readonly Try[],
  labels: Int32Array,
  {
    classes,
    width,
    mayAssign,
    isOtherLikelier = false,
  }: {
    readonly classes: readonly number[];
    readonly width: number;
    readonly mayAssign: boolean;
    readonly isOtherLikelier?: boolean;
  },
): Verdict {
  const count = labels.length;
  const all = Array.from(labels.keys());
  const accuracies = tries.map(({ decisions }) => accuracyWith(classes, decisions, labels, all));
  const before = accuracies[0] ?? 0;
  const clearly = Math.max(CLEARLY, 2 * Math.sqrt(0.5 / count));
  const isClearlyBetter = ({ decisions }: Try, other: Try): boolean => {
    const rights = all.map((sample) => {
      const right = classes[labels[sample] ?? 0];
      return Number(decisions[sample] === right) - Number(other.decisions[sample] === right);
    });
    const lead = rights.reduce((sum, each) => sum + each, 0);
    const differing = rights.filter((each) => each !== 0).length;
    // Of the same samples: only those count that one of both decides rightly.
    return lead > Math.max(LEAST_LEAD * count, STANDARD_ERRORS * Math.sqrt(differing));
  };
  const chance = largestShare(labels, classes.length);
  const isNearChance = (accuracy: number): boolean => accuracy <= chanceBound(chance, count);
  const best = placeOfLargest(accuracies);
  const [first, other] = [tries[0], tries[best]];
  // One that has a single answer to all as they are is out of its range; how few samples there are, any better way is more than that.
  const wakes = first && other && isStuck(first) && !isStuck(other) && (accuracies[best] ?? 0) > before;
  const likelier = isOtherLikelier && tries.length > 1 ? tries.at(-1) : undefined;
  const isBetter = first && other && (isClearlyBetter(other, first) || wakes);
  const isLost = first && likelier && (isClearlyBetter(first, likelier) || (isStuck(likelier) && !isStuck(first)));
  const remains = likelier && !isLost ? tries.length - 1 : 0;
  const index = isBetter ? best : remains;
  const accuracy = accuracies[index] ?? 0;
  const asTheyStand: Verdict = {
    index,
    classes,
    isAssigned: false,
    accuracy,
    before,
    isNearChance: isNearChance(accuracy) && recallsNearChance(tries[index]?.decisions, labels, classes),
  };
  if (!asTheyStand.isNearChance || !mayAssign || count < SAMPLES_PER_CLASS * classes.length) return asTheyStand;
  const halves = [all.filter((sample) => sample % 2 === 0), all.filter((sample) => sample % 2 === 1)] as const;
  const size = { classes: classes.length, width };
  const held = tries.map(({ decisions }) => {
    const [even, odd] = halves;
    const [fromEven, fromOdd] = [
      assignClasses(decisions, labels, even, size),
      assignClasses(decisions, labels, odd, size),
    ];
    return (accuracyWith(fromEven, decisions, labels, odd) + accuracyWith(fromOdd, decisions, labels, even)) / 2;
  });
  const found = placeOfLargest(held);
  const decisions = tries[found]?.decisions;
  if (!decisions || (held[found] ?? 0) - chance <= clearly || isNearChance(held[found] ?? 0)) return asTheyStand;
  // The samples as they are remain where they do as well.
  const chosen = (held[found] ?? 0) - (held[0] ?? 0) > clearly ? found : 0;
  return {
    index: chosen,
    classes: assignClasses(tries[chosen]?.decisions ?? decisions, labels, all, size),
    isAssigned: true,
    accuracy: held[chosen] ?? 0,
    before,
    isNearChance: false,
  };
}

/** Whether all samples are decided alike, as by trees none of whose thresholds is in reach. */
function isStuck({ decisions }: Try): boolean {
  return decisions.length > 1 && decisions.every((decision) => decision === decisions[0]);
}

function placeOfLargest(values: readonly number[]): number {
  return values.reduce((best, value, index) => (value > (values[best] ?? 0) ? index : best), 0);
}

/** What deciding always for the most frequent class achieves. */
function largestShare(labels: Int32Array, classes: number): number {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return Math.max(...counts) / labels.length;
}

/**
 * Up to this accuracy nothing tells a teacher from one that always decides for the most frequent class: two standard errors more, but
 * never past half of what is left to be decided, which few samples of rare classes would take it beyond.
 */
function chanceBound(chance: number, count: number): number {
  return chance + Math.min(2 * Math.sqrt((chance * (1 - chance)) / count), (1 - chance) / 2);
}

/** Whether the mean recall of the classes that occur is that of guessing, too: it is not fooled by one that is frequent. */
function recallsNearChance(decisions: Int32Array | undefined, labels: Int32Array, classes: readonly number[]): boolean {
  const found = classes.map(() => ({ samples: 0, right: 0 }));
  labels.forEach((label, sample) => {
    const one = found[label];
    if (!one) return;
    one.samples++;
    if (decisions?.[sample] === classes[label]) one.right++;
  });
  const present = found.filter(({ samples }) => samples > 0);
  // Of a single class nobody can tell.
  if (present.length < 2) return present.some(({ samples, right }) => right < samples);
  const recall = present.reduce((sum, { samples, right }) => sum + right / samples, 0) / present.length;
  const chance = 1 / present.length;
  const variance = present.reduce((sum, { samples }) => sum + (chance * (1 - chance)) / samples, 0);
  return recall <= chance + Math.min((2 * Math.sqrt(variance)) / present.length, (1 - chance) / 2);
}
