import { isMainThread } from 'node:worker_threads';
import type Sharp from 'sharp';

/** As libvips calls what reads the formats that it decodes here. */
const LOADERS = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Tiff', 'Heif'] as const;

let loading: Promise<typeof Sharp> | undefined;

/**
 * The library that decodes and writes images, loaded when the first image is met: most runs have none, and it takes a tenth of a second.
 *
 * libvips looks at the contents, not at the name: drawings such as SVG may name other files, and take for ever, so that it is kept to a few
 * formats. What is blocked is so in all threads of the process: one that began by blocking everything anew would, for a moment, keep the
 * others from decoding, who would take images for corrupt. So whoever starts threads that decode loads the library in the main one first.
 */
export function imageLibrary(): Promise<typeof Sharp> {
  return (loading ??= load());
}

async function load(): Promise<typeof Sharp> {
  const { default: sharp } = await import('sharp');
  if (isMainThread) {
    sharp.block({ operation: ['VipsForeignLoad'] });
    sharp.unblock({ operation: LOADERS.map((format) => `VipsForeignLoad${format}`) });
  }
  return sharp;
}
