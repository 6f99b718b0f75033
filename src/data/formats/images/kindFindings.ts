import { information, warning, type Finding } from '../../findings/finding.ts';
import type { ImageHeader } from './decoding/readImageHeader.ts';

/** What is unusual about images, and what becomes of it. */
const UNUSUAL: readonly { readonly is: (header: ImageHeader) => boolean; readonly sentence: string }[] = [
  { is: ({ kind }) => /several pages/.test(kind), sentence: 'have several frames or pages, of which the first counts' },
  { is: ({ kind }) => /opacity/.test(kind), sentence: 'have opacity, which is dropped' },
  {
    is: ({ kind }) => /16 bits|32 bits/.test(kind),
    sentence: 'have more than 8 bits a channel, of which the upper 8 count (Pillow cuts grey ones off at 255)',
  },
  {
    is: ({ kind }) => /CMYK/.test(kind),
    sentence: 'are in CMYK and become red, green and blue as Pillow computes them, without a profile',
  },
];

/** Tells what becomes of images that are not plain, by the headers of some of them. @param isTurned whether images are turned by their EXIF data */
export function kindFindings(headers: readonly ImageHeader[], isTurned: boolean): readonly Finding[] {
  const told = (is: (header: ImageHeader) => boolean, sentence: string, where: string): readonly Finding[] => {
    const count = headers.filter(is).length;
    if (count === 0) return [];
    return [information(where, `Of ${headers.length} images that were looked at, ${count} ${sentence}.`)];
  };
  const turned = isTurned
    ? 'say in their EXIF data that they are to be turned, and are'
    : 'say in their EXIF data that they are to be turned, which is ignored, as by most loaders; dataset.orientation turns them';
  return [
    ...UNUSUAL.flatMap(({ is, sentence }) => told(is, sentence, 'dataset.path')),
    ...told(({ isTurned: isToBe }) => isToBe, turned, 'dataset.orientation'),
  ];
}

/** Images of no brighter pixel are hardly pictures. */
const DARK = 32;

/** Warns of images that are all but black: numbers of a few bits in more, as of scanners and satellites, or masks that number what they mark. @param bytes their pixels, 0…255 */
export function darkFindings(bytes: Uint8Array): readonly Finding[] {
  let brightest = 0;
  for (const value of bytes) {
    if (value > brightest) brightest = value;
    if (brightest >= DARK) return [];
  }
  if (bytes.length === 0) return [];
  const message = `No pixel of the images is brighter than ${brightest} of 255, so that little of what they show is left.`;
  const hint =
    'Spread their values over the whole range when they are saved, or save the values as an array (numpy.savez).';
  return [warning('dataset.path', message, hint)];
}
