import { availableParallelism } from 'node:os';
import type { EncodedImage } from '../formats/images/decoding/encodedImage.ts';
import { readImageHeader, type ImageHeader } from '../formats/images/decoding/readImageHeader.ts';
import type { ImageSurvey } from './survey.ts';

/** Images whose headers are read; of more, so many from all over. */
const MOST_LOOKED_AT = 512;

/** The headers of some images from all over; those that have none that can be read are passed over. */
export async function readSomeHeaders(images: readonly EncodedImage[], most: number): Promise<readonly ImageHeader[]> {
  const apart = Math.max(1, images.length / most);
  const some = Array.from({ length: Math.min(images.length, most) }, (_, index) => Math.floor(index * apart));
  const headers: ImageHeader[] = [];
  const remaining = some.values();
  const work = async (): Promise<void> => {
    for (const index of remaining) {
      const image = images[index];
      const header = image && (await readImageHeader(image.content));
      if (header) headers.push(header);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, work));
  return headers;
}

/** Sizes and kinds of images, by their headers alone. */
export async function surveyImages(images: readonly EncodedImage[]): Promise<ImageSurvey> {
  const headers = await readSomeHeaders(images, MOST_LOOKED_AT);
  const sizes = new Map<string, number>();
  const kinds = new Map<string, number>();
  for (const { width, height, kind } of headers) {
    const size = `${width}×${height}`;
    sizes.set(size, (sizes.get(size) ?? 0) + 1);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return {
    images: images.length,
    lookedAt: headers.length,
    sizes: mostFrequent(sizes).map(([size, count]) => {
      const [width = 0, height = 0] = size.split('×').map(Number);
      return { width, height, images: count };
    }),
    kinds: mostFrequent(kinds).map(([kind, count]) => ({ kind, images: count })),
    turned: headers.filter(({ isTurned }) => isTurned).length,
  };
}

function mostFrequent(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts].sort(([one, few], [other, many]) => many - few || (one < other ? -1 : 1));
}
