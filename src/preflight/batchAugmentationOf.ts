import { changesSomething } from '../data/augmentation/augmentation.ts';
import type { Dataset } from '../data/dataset.ts';
import { channelStatistics } from '../data/normalization.ts';
import type { Problem } from '../errors.ts';
import type { BatchAugmentation } from '../training/augmentation/batchAugmentation.ts';
import type { Experiment } from '../experiment/schema.ts';

/** How the samples of an experiment are changed at random; undefined when they are not. */
export function batchAugmentationOf({
  augmentation,
  dataset,
  training,
  cache,
}: Experiment): BatchAugmentation | undefined {
  if (!augmentation) return undefined;
  const { mixup, cutmix, saturation, hue, randAugment, ...changes } = augmentation;
  const recolouring = { saturation, hue, randAugment };
  const others = [mixup, cutmix, ...Object.values(recolouring)];
  if (!changesSomething(changes) && others.every((value) => value === undefined)) return undefined;
  const statistics = channelStatistics(dataset.normalization);
  // Beyond an image's edge is black, as the models see it.
  const background = statistics?.mean.map((mean, channel) => -mean / (statistics.std[channel] ?? 1)) ?? [];
  return {
    augmentation: changes,
    recolouring,
    statistics,
    background,
    mixing: { mixup, cutmix },
    seed: training.seed,
    views: cache.views,
  };
}

/** What keeps the samples of a dataset from being changed as the experiment asks. */
export function checkBatchAugmentation(experiment: Experiment, dataset: Dataset): Problem[] {
  const { augmentation, student } = experiment;
  const problems = checkViews(experiment);
  if (!augmentation) return problems;
  const { mixup, flip, ...others } = augmentation;
  const ofImages = Object.entries({ ...others, ...(flip && { flip }) }).filter(([, value]) => value !== undefined);
  if ('extractor' in student) {
    problems.push({
      where: 'augmentation',
      message:
        'The features of an extractor are computed once, of the samples as they are, so these cannot be changed.',
      hint: 'Remove the field, or choose a student that sees the samples themselves.',
    });
  }
  const isImage = dataset.samples.kind === 'values' && dataset.sampleShape.length === 3;
  if (!isImage) {
    for (const [name] of ofImages) {
      problems.push({
        where: `augmentation.${name}`,
        message: `Only images can be changed like this; the samples have shape [${dataset.sampleShape.join(', ')}].`,
        hint: 'Remove the field.',
      });
    }
  }
  if (mixup !== undefined && dataset.samples.kind === 'tokens') {
    problems.push({
      where: 'augmentation.mixup',
      message: 'Texts cannot be blended: their samples are indices of words.',
      hint: 'Remove the field.',
    });
  }
  return problems;
}

/** What keeps the teacher's outputs for views of the samples from being kept. */
function checkViews(experiment: Experiment): Problem[] {
  const { augmentation, cache, teacher } = experiment;
  if (cache.views === undefined) return [];
  const where = 'cache.views';
  if (teacher === null) {
    return [{ where, message: 'There is no teacher whose outputs could be kept.', hint: 'Leave the field out.' }];
  }
  if (!batchAugmentationOf(experiment)) {
    const message = 'Without augmentation every sample has one view: itself.';
    return [{ where, message, hint: 'Leave the field out, or say under augmentation how samples are changed.' }];
  }
  if (augmentation?.mixup === undefined && augmentation?.cutmix === undefined) return [];
  const message = 'mixup and cutmix make samples of two, so that there are no views of each to be kept.';
  return [{ where, message, hint: 'Leave the field out, or augmentation.mixup and augmentation.cutmix.' }];
}
