import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { Problem } from '../../../errors.ts';
import type { OpenContext } from '../../dataset.ts';
import { throwIfCancelled } from '../../cancellation.ts';
import { warning, type Finding } from '../../findings/finding.ts';
import { alikeFiles, pathProblem, refuseIfAny, shortList } from '../../findings/problems.ts';
import type { RgbImage } from './decoding/bmp.ts';
import { decodeImage, reasonNotDecoded } from './decoding/decodeImage.ts';
import type { EncodedImage } from './decoding/encodedImage.ts';
import { ImageStore, type ImageSize } from './imageStore.ts';

/** Images of one size, [count, ...sampleShape], 0…255. */
export interface Images {
  readonly sampleShape: readonly [channels: 1 | 3, height: number, width: number];
  readonly bytes: Uint8Array;
  /** Places of the files that are corrupt; what `bytes` has there means nothing. */
  readonly skipped: ReadonlySet<number>;
  /** Names the files that are corrupt. */
  readonly findings: readonly Finding[];
}

/** Shares of files, at most, that may be corrupt: with more, something else is wrong. */
const MOST_SKIPPED = 0.5;
/** Corrupt files that are told by their names. */
export const MOST_NAMED = 10;

/**
 * Decodes image files, as many at a time as the machine has cores, and brings them to `context.resize`. Corrupt ones are
 * skipped and named in a finding.
 *
 * @param files at least one
 * @throws BadInputError naming every image of another size than most, every one that cannot be read, and every corrupt one where
 *   `context.strict` or where more than half of them are
 */
export async function readImages(files: readonly EncodedImage[], context: OpenContext): Promise<Images> {
  const missing: (readonly [name: string, reason: string])[] = [];
  /** Why, by the places of the files. */
  const corrupt = new Map<number, string>();
  const sizes: string[] = [];
  let store: ImageStore | undefined;
  let storedSize: ImageSize = { height: 0, width: 0 };

  const keep = (index: number, image: RgbImage): void => {
    sizes[index] = `${image.width}×${image.height}`;
    if (!store) {
      storedSize = { height: image.height, width: image.width };
      store = new ImageStore(files.length, storedSize);
    }
    if (image.height === storedSize.height && image.width === storedSize.width) store.put(index, image);
  };
  const decodeOne = async (index: number, file: EncodedImage): Promise<void> => {
    let bytes: Buffer;
    try {
      bytes = await contentOf(file);
    } catch (error) {
      missing.push([file.name, reasonNotDecoded(error)]);
      return;
    }
    let image: RgbImage;
    try {
      image = await decodeImage(bytes, context.resize, context.orientation);
    } catch (error) {
      corrupt.set(index, reasonNotDecoded(error));
      return;
    }
    keep(index, image);
  };

  await inParallel(files, decodeOne, context);
  const isRefused = context.strict === true || !mayBeCorrupt(corrupt.size, files.length);
  const places = [...corrupt.keys()].sort(ascending);
  const reasons = places.map((index) => [files[index]?.name ?? '', corrupt.get(index) ?? ''] as const);
  const refused = [...undecodedProblems(missing), ...(isRefused ? undecodedProblems(reasons) : [])];
  refuseIfAny([...shortList(refused, 'images'), ...shortList(sizeProblems(files, sizes), 'images')]);
  return {
    sampleShape: [store?.channels ?? 1, storedSize.height, storedSize.width],
    bytes: store?.bytes ?? new Uint8Array(),
    skipped: new Set(corrupt.keys()),
    findings: corrupt.size > 0 ? [skippedFinding(places, files)] : [],
  };
}

/** The bytes of an image. @throws Error when its file cannot be read */
export async function contentOf({ content }: EncodedImage): Promise<Buffer> {
  return typeof content === 'string'
    ? readFile(content)
    : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
}

/** Whether so many corrupt files of `count` are to be expected. */
export function mayBeCorrupt(corrupt: number, count: number): boolean {
  return corrupt <= MOST_SKIPPED * count;
}

/** A sentence for each reason. */
function undecodedProblems(reasons: readonly (readonly [name: string, reason: string])[]): readonly Problem[] {
  return alikeFiles(reasons).map(({ reason, first, count }) =>
    count === 1
      ? pathProblem(`The image ${first} cannot be decoded: ${reason}.`, 'Replace or remove it.')
      : pathProblem(`${count} images, ${first} first, cannot be decoded: ${reason}.`, 'Replace or remove them.'),
  );
}

function skippedFinding(skipped: readonly number[], files: readonly EncodedImage[]): Finding {
  const named = skipped.slice(0, MOST_NAMED).map((index) => files[index]?.name ?? '');
  const others = skipped.length > MOST_NAMED ? ` and ${skipped.length - MOST_NAMED} others` : '';
  const images = skipped.length === 1 ? '1 image is corrupt and was' : `${skipped.length} images are corrupt and were`;
  return warning(
    'dataset.path',
    `${images} left out: ${named.join(', ')}${others}.`,
    'Replace or remove them; dataset.strict refuses them.',
  );
}

function ascending(one: number, other: number): number {
  return one - other;
}

async function inParallel(
  files: readonly EncodedImage[],
  task: (index: number, file: EncodedImage) => Promise<void>,
  { signal, onProgress }: OpenContext,
): Promise<void> {
  const remaining = files.entries();
  const reportEvery = Math.ceil(files.length / 100);
  let done = 0;
  const work = async (): Promise<void> => {
    for (const [index, file] of remaining) {
      throwIfCancelled(signal);
      await task(index, file);
      done++;
      if (done % reportEvery === 0 || done === files.length) onProgress?.(done, files.length);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, work));
}

/** @param sizes width×height of every file; missing where it could not be decoded */
function sizeProblems(files: readonly EncodedImage[], sizes: readonly (string | undefined)[]): readonly Problem[] {
  const counts = new Map<string, number>();
  for (const size of sizes) if (size !== undefined) counts.set(size, (counts.get(size) ?? 0) + 1);
  const [usual] = [...counts].sort((one, other) => other[1] - one[1])[0] ?? [undefined];
  return files.flatMap(({ name }, index) => {
    const size = sizes[index];
    if (size === undefined || size === usual) return [];
    return pathProblem(
      `The image ${name} is ${size} pixels, but ${counts.get(usual ?? '') ?? 0} others are ${usual ?? ''}.`,
      'All images of a dataset must have the same size; dataset.resize brings them to one.',
    );
  });
}
