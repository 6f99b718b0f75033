import { join } from 'node:path';
import { BadInputError } from '../../errors.ts';
import { pathProblem, refuseIfAny } from '../findings/problems.ts';
import type { StoredPart } from '../formats/arrays/namedParts.ts';
import { arrayFiles, readSplits } from '../formats/arrays/arrayFormat.ts';
import { channelsFirst } from '../formats/arrays/channelsFirst.ts';
import { unusableValues } from '../formats/arrays/unusableValues.ts';
import { BUILTIN_DIGITS, openBuiltinDigits } from '../formats/digits/builtinDigits.ts';
import { cifarBinary } from '../formats/images/cifarBinary.ts';
import { isImageName } from '../formats/images/decoding/decodeImage.ts';
import { ImageFile, type EncodedImage } from '../formats/images/decoding/encodedImage.ts';
import { find, idxFolder } from '../formats/images/idxFolder.ts';
import { readIdx } from '../formats/images/idx.ts';
import { openImages } from '../formats/images/openImages.ts';
import { withPlaceholders } from '../formats/images/streaming/withPlaceholders.ts';
import { withImages } from '../formats/tables/images/imagesOfRows.ts';
import { tableAt } from '../formats/tables/tableFormats.ts';
import type { ChannelStatistics } from '../channelStatistics.ts';
import { normalizeSplit } from '../normalization.ts';
import { resizeOf } from '../resize.ts';
import { ByteSamples } from '../samples/byteSamples.ts';
import { FloatSamples } from '../samples/floatSamples.ts';
import type { Split } from '../samples/split.ts';
import { withTargets } from '../samples/withTargets.ts';
import type { Targets } from '../targets.ts';
import { filesBelow } from './filesBelow.ts';
import { missingLabels } from './missingLabels.ts';
import type { Labelled, UnlabelledRequest, UnlabelledSamples } from './prepared.ts';

/** Samples of an own shape, before they are normalised. */
interface Found extends Pick<UnlabelledSamples, 'findings' | 'lateFindings' | 'dispose'> {
  readonly shape: readonly number[];
  split(targets: Targets): Split;
  readonly count: number;
}

/**
 * Images or arrays, brought to the size of the training split and normalised as it is: image files in and below a folder, an IDX file
 * of images, CIFAR's records, arrays, or images in a table. Folders and labels are not looked at; of data with splits only the training
 * split is.
 *
 * @throws BadInputError when their shape is another
 */
export async function unlabelledImages(request: UnlabelledRequest): Promise<UnlabelledSamples> {
  const { labelled } = request;
  const found = await findSamples(request);
  const { findings, lateFindings, dispose } = found;
  if (found.shape.join() !== labelled.sampleShape.join()) {
    await dispose?.();
    throw new BadInputError([
      pathProblem(
        `The samples have shape (${found.shape.join(', ')}), those of the training split (${labelled.sampleShape.join(', ')}).`,
        'Channels must be as many; dataset.resize brings the images of both to one size.',
      ),
    ]);
  }
  const split = normalizeSplit(
    found.split(missingLabels(found.count, labelled.training.targets)),
    normalizationOf(labelled),
  );
  return {
    split: split.stream ? withPlaceholders(split) : split,
    findings,
    ...(lateFindings && { lateFindings }),
    ...(dispose && { dispose }),
  };
}

async function findSamples(request: UnlabelledRequest): Promise<Found> {
  const { location, context, options, labelled } = request;
  const { folder, file, files } = location;
  if (idxFolder.recognises(location)) {
    const name = file ?? find(location, 'train', 'images') ?? files.find((each) => /idx3/.test(each)) ?? '';
    const { dimensions, bytes } = await readIdx(join(folder, name));
    const [count = 0, ...size] = dimensions;
    if (size.length !== 2) throw new BadInputError([pathProblem(`${name} holds no images.`, 'Name a file of images.')]);
    return held(
      [1, ...size],
      count,
      (targets) =>
        new ByteSamples(
          bytes,
          targets,
          size.reduce((a, b) => a * b, 1),
        ),
    );
  }
  if (cifarBinary.recognises(location)) {
    const { sampleShape, training } = await cifarBinary.open(location);
    return held(sampleShape, training.count, (targets) => withTargets(training, targets));
  }
  if (arrayFiles.recognises(location)) {
    const { samples, parts } = (await readSplits(location)).training;
    refuseOtherParts(labelled, parts);
    refuseIfAny(unusableValues('unlabelled', samples));
    const { values, shape } = channelsFirst(samples);
    const count = samples.shape[0] ?? 0;
    const isBytes = labelled.preparation.kind === 'pixels';
    if (isBytes !== values instanceof Uint8Array) {
      const [is, other] = isBytes ? ['bytes', 'other numbers'] : ['other numbers', 'bytes'];
      throw new BadInputError([pathProblem(`The samples are ${other}, those of the training split ${is}.`)]);
    }
    return held(shape, count, (targets) =>
      values instanceof Uint8Array
        ? new ByteSamples(values, targets, values.length / count)
        : new FloatSamples(values instanceof Float32Array ? values : Float32Array.from(values), targets, count),
    );
  }
  const images = await listImages(request);
  if (images.length === 0) {
    const where = file === undefined ? folder : join(folder, file);
    throw new BadInputError([
      pathProblem(
        `There are no images in ${where}.`,
        'Give a folder of images, a table or array of images, or an IDX file.',
      ),
    ]);
  }
  const { strict, orientation } = options;
  const opened = await openImages(images, { ...context, resize: resizeOf(options), strict, orientation });
  return {
    shape: opened.sampleShape,
    count: images.length,
    split: (targets) => opened.split(0, images.length, targets),
    findings: opened.findings,
    ...opened.late,
  };
}

/** What was done to the training split. */
function normalizationOf({ preparation }: Labelled): ChannelStatistics | undefined {
  return (
    (preparation.kind === 'pixels' || preparation.kind === 'arrays' ? preparation.normalization : null) ?? undefined
  );
}

/** What is made of several arrays has to be made of the same. */
function refuseOtherParts({ preparation }: Labelled, parts: readonly StoredPart[] | undefined): void {
  const listed = (all: readonly StoredPart[] = []): string =>
    all.map(({ name, shape, unit }) => `${name} [${shape.join(', ')}]${unit === 1 ? '' : ' of bytes'}`).join(', ');
  const wanted = preparation.kind === 'arrays' ? preparation.parts : undefined;
  if (listed(parts) === listed(wanted)) return;
  const made = (all: readonly StoredPart[] | undefined): string => (all ? `made of ${listed(all)}` : 'one array');
  throw new BadInputError([
    pathProblem(`The samples are ${made(parts)}, those of the training split ${made(wanted)}.`),
  ]);
}

async function listImages({ location, context }: UnlabelledRequest): Promise<readonly EncodedImage[]> {
  const { folder, file } = location;
  const reader = await tableAt(location, context);
  if (reader) return (await withImages(await reader(new Map()), folder)).images ?? [];
  if (file !== undefined) return isImageName(file) ? [new ImageFile(folder, file)] : [];
  return (await filesBelow(folder, isImageName)).map((name) => new ImageFile(folder, name));
}

/** The digits that Distillery draws. */
export function unlabelledDigits({ labelled }: Pick<UnlabelledRequest, 'labelled'>): UnlabelledSamples {
  const { sampleShape, training } = openBuiltinDigits();
  if (sampleShape.join() !== labelled.sampleShape.join()) {
    throw new BadInputError([
      pathProblem(
        `'${BUILTIN_DIGITS}' has samples of shape (${sampleShape.join(', ')}), the training split (${labelled.sampleShape.join(', ')}).`,
      ),
    ]);
  }
  const split = withTargets(training, missingLabels(training.count, labelled.training.targets));
  return { split: normalizeSplit(split, normalizationOf(labelled)), findings: [] };
}

function held(shape: readonly number[], count: number, split: (targets: Targets) => Split): Found {
  return { shape, count, split, findings: [] };
}
