import type * as JpegTurbo from '@julusian/jpeg-turbo';
import type { Resize } from '../../resize.ts';
import type { RgbImage } from './bmp.ts';
import { isResizable, resizePixels } from './resizing/resizePixels.ts';

type TurboModule = typeof JpegTurbo;

/** Start-of-frame markers: all of C0…CF but those of tables (C4, CC) and of an extension that nobody uses (C8). */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/**
 * Width and height of a JPEG (ITU-T T.81, annex B) as its frame header has them; undefined for other files and where no such header is found.
 */
export function jpegSize(bytes: Uint8Array): { readonly width: number; readonly height: number } | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    // Markers may be padded with bytes that are all ones.
    if (marker === 0xff) at++;
    else if (isFrame(marker)) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    else at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/** Whether speed goes before exactness: whoever names a shorter side, or bars, wants what other programs compute. */
export function isQuick({ fit, shorterSide }: Resize): boolean {
  return fit !== 'letterbox' && shorterSide === undefined;
}

let turbo: Promise<TurboModule | undefined> | undefined;

/** libjpeg-turbo; undefined where there is no build of it for this computer. */
function loadTurbo(): Promise<TurboModule | undefined> {
  turbo ??= import('@julusian/jpeg-turbo').then(
    (module: TurboModule & { readonly default?: TurboModule }) => module.default ?? module,
    () => undefined,
  );
  return turbo;
}

/**
 * Decodes a JPEG with libjpeg-turbo and brings it to a size. libvips spends much of its time on one small image on preparation. The binding
 * asks for the fast inverse transform, whose values are a little lower than those of the exact one.
 *
 * @returns undefined where libvips is better suited: it decodes at a fraction of the size where half of it is enough, knows rare kinds,
 *   and says what is wrong with a damaged file; and where libjpeg-turbo is not there
 */
export async function decodeResizedJpeg(bytes: Buffer, resize: Resize): Promise<RgbImage | undefined> {
  const size = jpegSize(bytes);
  const library = size && isQuick(resize) && isResizable(size, resize) ? await loadTurbo() : undefined;
  if (!size || !library) return undefined;
  try {
    return resizePixels(size, resize, (pixels) => {
      library.decompressSync(bytes, pixels, { format: library.FORMAT_RGBX });
    });
  } catch {
    return undefined;
  }
}
