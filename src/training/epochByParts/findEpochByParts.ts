import { batchesPerEpoch } from '../../data/batches.ts';
import { randomStream } from '../../data/random.ts';
import { selectSamples } from '../../data/samples/selectSamples.ts';
import type { Split } from '../../data/samples/split.ts';
import { divideFold, USUAL_PARTS } from '../../data/splits/divideFold.ts';
import { selectTargets, strataOf } from '../../data/targets.ts';
import { DistilleryError } from '../../errors.ts';
import { orderOfSamples } from '../orderOfSamples.ts';
import { plannedSteps } from '../stopConditions.ts';
import { trainNetwork } from '../trainNetwork.ts';
import type { TrainNetworkOptions } from '../trainNetworkOptions.ts';
import { PartTeaching } from './partTeaching.ts';
import { chooseEpoch, type ChosenEpoch, type PartCurve, type PartQuality } from './pooledCurve.ts';

/** So many parts of the samples are judged on in turn. */
export const PARTS = USUAL_PARTS;

/** What is known of the samples of a training. */
export interface PartedSamples {
  /** The sample with a label, from 0, that the one at a place of the training split is; others have none of their own. */
  readonly labelledAt: (place: number) => number;
  /** Samples with labels. */
  readonly count: number;
  /** What judges outputs for samples. */
  readonly judgeOn: (split: Split) => Promise<(outputs: Float32Array) => PartQuality>;
  /** @param done share of the work, 0…1 */
  readonly onProgress: (done: number) => void;
}

/**
 * Finds out with which epoch a training does best to end, on all samples with labels: the same network is trained on all but one part of
 * them and judged on that part after every epoch, for each part. A validation split of a handful of samples tells good epochs from bad
 * ones by chance alone.
 *
 * @returns undefined where the signal aborts, or the training of a part diverges
 */
export async function findEpochByParts(
  options: TrainNetworkOptions,
  samples: PartedSamples,
): Promise<ChosenEpoch | undefined> {
  const { training, options: settings, signal } = options;
  const perEpoch = batchesPerEpoch(training.count, settings.batchSize);
  const steps = plannedSteps(settings, perEpoch);
  const curves: PartCurve[] = [];
  for (let index = 0; index < PARTS; index++) {
    const curve = await trainWithout(index, options, samples, steps);
    if (signal.aborted || curve === 'failed') return undefined;
    if (curve) curves.push(curve);
  }
  const ends = Array.from({ length: Math.ceil(steps / perEpoch) }, (_, epoch) =>
    Math.min(steps, (epoch + 1) * perEpoch),
  );
  return curves.length > 0 ? chooseEpoch(curves, ends) : undefined;
}

/** @returns undefined for a part without samples */
async function trainWithout(
  index: number,
  options: TrainNetworkOptions,
  { labelledAt, count, judgeOn, onProgress }: PartedSamples,
  steps: number,
): Promise<PartCurve | 'failed' | undefined> {
  const { training, teaching, options: settings } = options;
  const places = Int32Array.from({ length: training.count }, (_, place) => place);
  const first = places.filter((place) => place < count);
  const strata = strataOf(selectTargets(training.targets, first), count);
  const { test } = divideFold({ strata }, { index, count: PARTS }, randomStream(settings.seed, 'parts'));
  const isJudgedOn = new Set(test);
  const rest = places.filter((place) => !isJudgedOn.has(labelledAt(place)));
  if (test.length === 0 || rest.length === 0) return undefined;
  const judged = selectSamples(training, test);
  const batchSize = Math.min(settings.batchSize, rest.length);
  const judge = await judgeOn(judged);
  let evidence: PartQuality['evidence'];
  const epochs: (PartQuality & { readonly step: number })[] = [];
  try {
    await trainNetwork({
      ...options,
      training: selectSamples(training, rest),
      validation: judged,
      ...(teaching && { teaching: new PartTeaching(teaching, rest) }),
      options: {
        ...settings,
        batchSize,
        epochs: Math.ceil(steps / batchesPerEpoch(rest.length, batchSize)),
        maxSteps: steps,
        automatic: undefined,
      },
      random: orderOfSamples(settings.seed),
      measure: (outputs) => {
        const { evidence: found, ...quality } = judge(outputs);
        evidence = found;
        return quality;
      },
      checkpoints: undefined,
      onEvent: (event) => {
        if (event.kind === 'step') onProgress((index + event.step / event.steps) / PARTS);
        if (event.kind === 'epoch') epochs.push({ ...event.validation, evidence, step: event.step });
      },
    });
  } catch (error) {
    if (error instanceof DistilleryError && error.code === 'DIVERGED') return 'failed';
    throw error;
  }
  return { count: test.length, epochs };
}
