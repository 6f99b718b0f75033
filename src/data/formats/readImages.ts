import { availableParallelism } from 'node:os';
import { messageOf, type Problem } from '../../errors.ts';
import type { OpenContext } from '../dataset.ts';
import { throwIfCancelled } from '../cancellation.ts';
import { pathProblem, refuseIfAny, shortList } from '../problems.ts';
import type { RgbImage } from './bmp.ts';
import { decodeImage } from './decodeImage.ts';
import { ImageStore, type ImageSize } from './imageStore.ts';

/** An image file, wherever its bytes lie. */
export interface EncodedImage {
  /** For messages. */
  readonly name: string;
  /** @throws Error when the bytes cannot be read */
  read(): Promise<Buffer>;
}

/** Images of one size, [count, ...sampleShape], 0…255. */
export interface Images {
  readonly sampleShape: readonly [channels: number, height: number, width: number];
  readonly bytes: Uint8Array;
}

/**
 * Decodes image files, as many at a time as the machine has cores, and brings them to `context.resize`.
 *
 * @param files at least one
 * @throws BadInputError naming every image that is corrupt or of another size than most
 */
export async function readImages(files: readonly EncodedImage[], context: OpenContext): Promise<Images> {
  const corrupt: Problem[] = [];
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
    let image: RgbImage;
    try {
      image = await decodeImage(await file.read(), context.resize);
    } catch (error) {
      corrupt.push(
        pathProblem(`The image ${file.name} cannot be decoded: ${reasonOf(error)}.`, 'Replace or remove it.'),
      );
      return;
    }
    keep(index, image);
  };

  await inParallel(files, decodeOne, context);
  refuseIfAny([...shortList(corrupt, 'images'), ...shortList(sizeProblems(files, sizes), 'images')]);
  return {
    sampleShape: [store?.channels ?? 1, storedSize.height, storedSize.width],
    bytes: store?.bytes ?? new Uint8Array(),
  };
}

/**
 * Why an image was refused. libvips tells the same several times, a line each, and where several images fail at once
 * it can lose the message of one of them.
 */
function reasonOf(error: unknown): string {
  const [line = ''] = messageOf(error).split('\n');
  return line === 'Unknown error' ? 'its data are damaged' : line;
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
