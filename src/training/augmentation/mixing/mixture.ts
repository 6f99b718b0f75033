import type { Random } from '../../../data/random.ts';
import { DistilleryError } from '../../../errors.ts';

/** Which mixtures of samples a network is trained on; of two, one is drawn for every batch. */
export interface Mixing {
  /** α of mixup's Beta(α, α). */
  readonly mixup?: number | undefined;
  /** α of CutMix's Beta(α, α); for images only. */
  readonly cutmix?: number | undefined;
}

/** A rectangle of an image: rows `top` … `bottom` − 1, columns `left` … `right` − 1. */
export interface Box {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** How the samples of one batch are mixed: each with its partner, all in the same way. */
export interface Mixture {
  /** Share of a sample itself in what becomes of it, 0…1; the rest is its partner's. */
  readonly share: number;
  /** Row of each row's partner, a permutation. */
  readonly partners: Int32Array;
  /** Where the partner's pixels take the place of the sample's; without it, both are blended. */
  readonly box?: Box;
}

/**
 * Draws how a batch is mixed: by mixup (Zhang et al., arXiv 1710.09412), which blends two samples and their labels with
 * λ of Beta(α, α), or by CutMix (Yun et al., arXiv 1905.04899), which pastes a rectangle of 1 − λ of the area of one
 * image into another and blends the labels by the area that was really pasted. Teacher and student are to see the same
 * mixture.
 *
 * @param sampleShape dimensions of one sample; [channels, height, width] for CutMix
 * @returns undefined when nothing is to be mixed
 * @throws DistilleryError `UNSUPPORTED` when CutMix is asked for samples that are no images
 */
export function drawMixture(
  { mixup, cutmix }: Mixing,
  batchSize: number,
  sampleShape: readonly number[],
  random: Random,
): Mixture | undefined {
  if (mixup === undefined && cutmix === undefined) return undefined;
  const cuts = cutmix !== undefined && (mixup === undefined || random.uniform() < 0.5);
  const partners = random.shuffle(Int32Array.from({ length: batchSize }, (_, row) => row));
  if (!cuts) return { share: random.beta(mixup ?? 1, mixup ?? 1), partners };
  const [channels, height, width] = sampleShape;
  if (channels === undefined || height === undefined || width === undefined || sampleShape.length !== 3) {
    throw new DistilleryError(
      'UNSUPPORTED',
      `CutMix pastes parts of images; a sample of shape [${sampleShape.join(', ')}] is none.`,
      { hint: 'Leave augmentation.cutmix out, or use augmentation.mixup.' },
    );
  }
  const box = drawBox(1 - random.beta(cutmix, cutmix), height, width, random);
  const area = (box.bottom - box.top) * (box.right - box.left);
  return { share: 1 - area / (height * width), partners, box };
}

/** A rectangle of the image's proportions and this share of its area around a point drawn from it, cut at its edges. */
function drawBox(area: number, height: number, width: number, random: Random): Box {
  const side = Math.sqrt(area);
  const [boxHeight, boxWidth] = [Math.round(height * side), Math.round(width * side)];
  const top = random.integer(height) - Math.floor(boxHeight / 2);
  const left = random.integer(width) - Math.floor(boxWidth / 2);
  return {
    top: Math.max(0, top),
    bottom: Math.min(height, top + boxHeight),
    left: Math.max(0, left),
    right: Math.min(width, left + boxWidth),
  };
}
