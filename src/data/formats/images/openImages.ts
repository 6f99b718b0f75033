import { BadInputError } from '../../../errors.ts';
import { imageLibrary } from '../../../platform/imageLibrary.ts';
import { ByteSamples } from '../../samples/byteSamples.ts';
import type { OpenContext } from '../../dataset.ts';
import type { Split } from '../../samples/split.ts';
import { warning, type Finding } from '../../findings/finding.ts';
import { LateFindings } from '../../findings/lateFindings.ts';
import { memoryForImages } from '../../memory.ts';
import { pathProblem } from '../../findings/problems.ts';
import { selectSamples } from '../../samples/selectSamples.ts';
import type { Source } from '../../source.ts';
import { ImageStream } from './streaming/imageStream.ts';
import { StreamedSplit } from './streaming/streamedSplit.ts';
import type { Targets } from '../../targets.ts';
import type { Survey } from '../../survey/survey.ts';
import { readSomeHeaders, surveyImages } from '../../survey/surveyImages.ts';
import type { EncodedImage } from './decoding/encodedImage.ts';
import type { ImageSize } from './imageStore.ts';
import { darkFindings, kindFindings } from './kindFindings.ts';
import { mayBeCorrupt, MOST_NAMED, readImages, type Images } from './readImages.ts';

/** Images that were opened, in the order in which they were given. */
export interface OpenedImages {
  readonly sampleShape: readonly [channels: 1 | 3, height: number, width: number];
  /** What was found out while they were opened. */
  readonly findings: readonly Finding[];
  /** The places, from 0, of those of `count` images from `first` on that can be used as far as is known. */
  usable(first: number, count: number): Int32Array;
  /** The usable ones of `count` images from `first` on. @param targets of all of them */
  split(first: number, count: number, targets: Targets): Split;
  /** What belongs to the dataset where images are decoded when they are read; empty where they are in memory. */
  readonly late: Pick<Source, 'lateFindings' | 'dispose' | 'survey'>;
}

/** Images, and bytes of pixels, that are decoded while a dataset is opened; of more only some are looked at. */
const MOST_DECODED = 20_000;
const MOST_DECODED_BYTES = 2 ** 26;
/** Images whose headers are read to tell what is unusual about them. */
const MOST_HEADERS = 64;
/** Images that are decoded to learn size and colour of all. */
const LOOKED_AT = 16;

/**
 * Opens images. Few are decoded at once, and corrupt ones are left out. Of many only some are decoded, which tell size and colour; the
 * others are decoded when they are read, and corrupt ones are met then.
 *
 * @param images at least one
 * @throws BadInputError naming those that cannot be used, as far as they were decoded
 */
export async function openImages(images: readonly EncodedImage[], context: OpenContext): Promise<OpenedImages> {
  const opened = await openAll(images, context);
  const headers = await readSomeHeaders(images, MOST_HEADERS);
  return { ...opened, findings: [...opened.findings, ...kindFindings(headers, context.orientation === true)] };
}

async function openAll(images: readonly EncodedImage[], context: OpenContext): Promise<OpenedImages> {
  const memory = context.memory ?? memoryForImages();
  const mostBytes = Math.min(MOST_DECODED_BYTES, memory);
  const { resize } = context;
  const isSmall = ({ height, width }: ImageSize): boolean =>
    images.length <= MOST_DECODED && images.length * 3 * height * width <= mostBytes;
  if (images.length <= LOOKED_AT || (resize && isSmall(resize))) return decodeAll(images, context);
  const { sampleShape, bytes: looked } = await lookAtSome(images, context);
  const [channels, height, width] = sampleShape;
  if (isSmall({ height, width })) return decodeAll(images, context);

  const survey = async (): Promise<Survey> => ({ images: await surveyImages(images) });
  const form = { channels, height, width, resize, ...(context.orientation === true && { isTurned: true }) };
  const lateFindings = new LateFindings();
  const onCorrupt = corruptImages(images.length, context.strict === true, lateFindings);
  // Before its threads, which decode what it allows in this one.
  await imageLibrary();
  const stream = new ImageStream({ images, form, memory, onCorrupt });
  return {
    sampleShape,
    findings: darkFindings(looked),
    usable: (_first, count) => Int32Array.from({ length: count }, (_, index) => index),
    split: (first, count, targets) => new StreamedSplit({ images, form, stream }, { first, count }, targets),
    late: { lateFindings, survey, dispose: () => stream.dispose() },
  };
}

/**
 * Decodes some images from all over the dataset. Where they are refused, and there are few in all, every one is decoded, to name all
 * that is wrong.
 */
async function lookAtSome(images: readonly EncodedImage[], context: OpenContext): Promise<Images> {
  const apart = images.length / LOOKED_AT;
  const some = images.filter((_, index) => Math.floor(index / apart) !== Math.floor((index - 1) / apart));
  try {
    return await readImages(some, { ...context, onProgress: () => undefined });
  } catch (error) {
    if (!(error instanceof BadInputError) || images.length > MOST_DECODED) throw error;
    return readImages(images, context);
  }
}

async function decodeAll(images: readonly EncodedImage[], context: OpenContext): Promise<OpenedImages> {
  const { sampleShape, bytes, skipped, findings } = await readImages(images, context);
  const size = sampleShape.reduce((product, dimension) => product * dimension, 1);
  const usable = (first: number, count: number): Int32Array =>
    Int32Array.from({ length: count }, (_, index) => index).filter((index) => !skipped.has(first + index));
  return {
    sampleShape,
    findings: [...findings, ...darkFindings(bytes)],
    late: { survey: async () => ({ images: await surveyImages(images) }) },
    usable,
    split: (first, count, targets) => {
      const samples = new ByteSamples(bytes.subarray(first * size, (first + count) * size), targets, size);
      const kept = usable(first, count);
      return kept.length === count ? samples : selectSamples(samples, kept);
    },
  };
}

/** Tells of corrupt images that are met while samples are read, the first ones by their names; refuses them where that was asked for. */
function corruptImages(count: number, strict: boolean, findings: LateFindings): (name: string, reason: string) => void {
  let met = 0;
  return (name, reason) => {
    met++;
    const message = `The image ${name} cannot be decoded: ${reason}`;
    if (strict) throw new BadInputError([pathProblem(`${message}.`, 'Replace or remove it.')]);
    if (!mayBeCorrupt(met, count)) {
      throw new BadInputError([
        pathProblem(`More than half of the ${count} images cannot be decoded, ${name} among them: ${reason}.`),
      ]);
    }
    if (met <= MOST_NAMED) {
      const hint = 'Replace or remove it; dataset.strict refuses it.';
      findings.add(warning('dataset.path', `${message}. The next of the same class stands in for it.`, hint));
    } else if (met === MOST_NAMED + 1) {
      const others = 'More images cannot be decoded, and others stand in for them; they are not named one by one.';
      findings.add(warning('dataset.path', others, 'dataset.strict refuses them.'));
    }
  };
}
