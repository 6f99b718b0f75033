import type { Dataset } from '../../../data/dataset.ts';
import { randomStream } from '../../../data/random.ts';
import { FloatSamples } from '../../../data/samples/floatSamples.ts';
import { evaluateOnTest } from '../../../evaluation/evaluateNetwork.ts';
import type { SettledExperiment } from '../../../experiment/schema.ts';
import { batchAugmentationOf } from '../../../preflight/batchAugmentationOf.ts';
import type { SeenAugmentation } from '../../../report/enlargement.ts';
import { readProbeSamples } from '../../../teacher/matching/probe.ts';
import type { Teachers } from '../../../teacher/teach.ts';
import { augmentBatch } from '../../../training/augmentation/batchAugmentation.ts';
import { mixSamples } from '../../../training/augmentation/mixing/mixBatch.ts';

type Augmentation = NonNullable<SettledExperiment['augmentation']>;

/** Right decisions that a teacher may lose to one change, to all that are kept together, and to another image that shines through. */
const MOST_LOST = { alone: 0.01, together: 0.02, mixed: 0.25 };
/** All blends are as likely: half and half as one image with hardly anything of another. */
const MIXING = { mixup: 1 };
/** Share of an image in the blends that teachers are tried on. */
const MOSTLY = 0.7;

interface SeenOptions {
  readonly experiment: SettledExperiment;
  readonly dataset: Dataset;
  /** Whether images may be mixed as well, where the teachers see both in a mixture. */
  readonly mixes: boolean;
  readonly signal: AbortSignal;
}

/** What the teachers see through, and what they were tried on. */
export interface Seen {
  /** Undefined where they see through nothing. */
  readonly augmentation: Augmentation | undefined;
  readonly tried: readonly SeenAugmentation[];
  readonly unchangedAccuracy: number;
}

/**
 * Finds the changes of images after which the teachers still decide validation samples as rightly as before: those that leave what an
 * image shows. A digit is another one or none when it is mirrored; a photograph is not.
 *
 * @throws DistilleryError `CANCELLED` when the signal aborts
 */
export async function seenAugmentations(
  { members }: Teachers,
  { experiment, dataset, mixes, signal }: SeenOptions,
): Promise<Seen> {
  const [first] = members;
  if (!first) return { augmentation: undefined, tried: [], unchangedAccuracy: 0 };
  const { values, targets, count } = await readProbeSamples(dataset, first.model);
  const accuracyOn = async (samples: Float32Array): Promise<number> => {
    const test = new FloatSamples(samples, targets, count);
    const { metrics } = await evaluateOnTest('teacher', members, { ...dataset, test }, { signal, onProgress: ignore });
    return metrics.accuracy ?? 0;
  };
  const accuracyAfter = async (augmentation: Augmentation | undefined): Promise<number> => {
    const samples = values.slice();
    const changes = batchAugmentationOf({ ...experiment, augmentation });
    const moment = { step: 1, epoch: 1, indices: Int32Array.from({ length: count }, (_, index) => index) };
    if (changes) augmentBatch({ ...changes, views: undefined }, { samples }, dataset.sampleShape, moment);
    return accuracyOn(samples);
  };
  const unchangedAccuracy = await accuracyAfter(undefined);
  const tried: SeenAugmentation[] = [];
  /** Tries a change, and milder ones as long as the teachers do not see through it. */
  const strongestSeen = async (strengths: readonly Augmentation[]): Promise<Kept | undefined> => {
    for (const [index, augmentation] of strengths.entries()) {
      const accuracy = await accuracyAfter(augmentation);
      const isKept = unchangedAccuracy - accuracy <= MOST_LOST.alone;
      const seen = { augmentation: toldAugmentation(augmentation), accuracy, isKept };
      tried.push(seen);
      if (isKept) return { seen, milder: strengths.slice(index + 1) };
    }
    return undefined;
  };
  /** Blends images with others, which teachers see through that still decide for what makes up most of a blend. */
  const tryMixing = async (): Promise<{ readonly mixup: number } | undefined> => {
    const samples = values.slice();
    const rows = Int32Array.from({ length: count }, (_, row) => row);
    const partners = randomStream(experiment.training.seed, 'blended for the teacher').shuffle(rows);
    mixSamples(samples, dataset.sampleShape, { share: MOSTLY, partners });
    const accuracy = await accuracyOn(samples);
    const isKept = unchangedAccuracy - accuracy <= MOST_LOST.mixed;
    tried.push({ augmentation: MIXING, accuracy, isKept });
    return isKept ? MIXING : undefined;
  };
  let kept: readonly Kept[] = [];
  for (const strengths of changesFor(dataset.sampleShape)) {
    const strongest = await strongestSeen(strengths);
    if (strongest) kept = [...kept, strongest];
  }
  // Each alone may be seen through, and all together not: the one that costs most becomes milder, or goes.
  for (;;) {
    const augmentation = kept.length === 0 ? undefined : together(kept.map(({ seen }) => seen));
    const isSeen = kept.length < 2 || unchangedAccuracy - (await accuracyAfter(augmentation)) <= MOST_LOST.together;
    if (isSeen) {
      const mixed = augmentation && mixes ? await tryMixing() : undefined;
      const taken = new Set(kept.map(({ seen }) => seen));
      return {
        augmentation: augmentation && { ...augmentation, ...mixed },
        tried: tried.map((each) => ({ ...each, isKept: taken.has(each) || each.augmentation === mixed })),
        unchangedAccuracy,
      };
    }
    const [costliest, ...others] = kept.toSorted((one, other) => one.seen.accuracy - other.seen.accuracy);
    const milder = costliest && (await strongestSeen(costliest.milder));
    kept = milder ? [...others, milder] : others;
  }
}

/** A change that is seen through, and milder ones of its kind. */
interface Kept {
  readonly seen: SeenAugmentation;
  readonly milder: readonly Augmentation[];
}

/** Changes that people make to images, each small enough to leave what they show: the stronger first, as more is learned from it. */
function changesFor([channels = 1, height = 1, width = 1]: readonly number[]): readonly (readonly Augmentation[])[] {
  const shifts = [0.1, 0.07].map((share) => Math.max(1, Math.round(share * Math.min(height, width))));
  return [
    [...new Set(shifts)].map((shift) => ({ shift, flip: false })),
    [20, 10].map((rotate) => ({ rotate, flip: false })),
    [0.2, 0.1].map((zoom) => ({ zoom, flip: false })),
    [{ flip: true }],
    [0.4, 0.2].map((contrast) => ({ contrast, flip: false })),
    ...(channels === 3 ? [[0.4, 0.2].map((saturation) => ({ saturation, flip: false }))] : []),
  ];
}

function together(all: readonly SeenAugmentation[]): Augmentation {
  return Object.assign({ flip: false }, ...all.map(({ augmentation }) => augmentation)) as Augmentation;
}

/** An augmentation as a report has it, without what it leaves alone. */
export function toldAugmentation(augmentation: Augmentation): SeenAugmentation['augmentation'] {
  return Object.fromEntries(
    Object.entries(augmentation).filter(
      (entry): entry is [string, number | true] => typeof entry[1] === 'number' || entry[1] === true,
    ),
  );
}

function ignore(): void {
  // How far such a short look is tells nobody anything.
}
