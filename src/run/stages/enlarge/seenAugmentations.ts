import type { Dataset } from '../../../data/dataset.ts';
import { FloatSamples } from '../../../data/samples/floatSamples.ts';
import { evaluateOnTest } from '../../../evaluation/evaluateNetwork.ts';
import type { SettledExperiment } from '../../../experiment/schema.ts';
import { batchAugmentationOf } from '../../../preflight/batchAugmentationOf.ts';
import type { SeenAugmentation } from '../../../report/enlargement.ts';
import { readProbeSamples } from '../../../teacher/matching/probe.ts';
import type { Teachers } from '../../../teacher/teach.ts';
import { augmentBatch } from '../../../training/augmentation/batchAugmentation.ts';

type Augmentation = NonNullable<SettledExperiment['augmentation']>;

/** Right decisions that a teacher may lose to one change, and to all that are kept together. */
const MOST_LOST = { alone: 0.01, together: 0.02 };

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
  { experiment, dataset, signal }: { experiment: SettledExperiment; dataset: Dataset; signal: AbortSignal },
): Promise<Seen> {
  const [first] = members;
  if (!first) return { augmentation: undefined, tried: [], unchangedAccuracy: 0 };
  const { values, targets, count } = await readProbeSamples(dataset, first.model);
  const accuracyAfter = async (augmentation: Augmentation | undefined): Promise<number> => {
    const samples = values.slice();
    const changes = batchAugmentationOf({ ...experiment, augmentation });
    const moment = { step: 1, epoch: 1, indices: Int32Array.from({ length: count }, (_, index) => index) };
    if (changes) augmentBatch({ ...changes, views: undefined }, { samples }, dataset.sampleShape, moment);
    const test = new FloatSamples(samples, targets, count);
    const { metrics } = await evaluateOnTest('teacher', members, { ...dataset, test }, { signal, onProgress: ignore });
    return metrics.accuracy ?? 0;
  };
  const unchangedAccuracy = await accuracyAfter(undefined);
  const tried: SeenAugmentation[] = [];
  for (const augmentation of changesFor(dataset.sampleShape)) {
    const accuracy = await accuracyAfter(augmentation);
    tried.push({
      augmentation: toldAugmentation(augmentation),
      accuracy,
      isKept: unchangedAccuracy - accuracy <= MOST_LOST.alone,
    });
  }
  // Each alone may be seen through, and all together not: the one that costs most goes.
  const kept = tried.filter(({ isKept }) => isKept).toSorted((one, other) => other.accuracy - one.accuracy);
  while (kept.length > 0) {
    const augmentation = together(kept);
    if (kept.length === 1 || unchangedAccuracy - (await accuracyAfter(augmentation)) <= MOST_LOST.together) {
      const names = new Set(kept);
      return {
        augmentation,
        tried: tried.map((each) => ({ ...each, isKept: names.has(each) })),
        unchangedAccuracy,
      };
    }
    kept.pop();
  }
  return { augmentation: undefined, tried, unchangedAccuracy };
}

/** Changes that people make to images, each small enough to leave what they show. */
function changesFor([channels = 1, height = 1, width = 1]: readonly number[]): readonly Augmentation[] {
  return [
    { shift: Math.max(1, Math.round(0.07 * Math.min(height, width))), flip: false },
    { rotate: 10, flip: false },
    { zoom: 0.1, flip: false },
    { flip: true },
    { contrast: 0.2, flip: false },
    ...(channels === 3 ? [{ saturation: 0.2, flip: false }] : []),
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
