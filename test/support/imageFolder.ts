import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { randomStream } from '../../src/data/random.ts';

export interface ImageFolderOptions {
  /** Images in each class folder. */
  readonly perClass: number;
  /** Height and width in pixels. */
  readonly size: number;
  readonly classes?: readonly string[];
  /** Different images; the others are links to them. By default all differ. */
  readonly different?: number;
}

/** Writes an image folder of noisy PNGs, called 0000.png and so on in the folders of their classes. */
export async function writeImageFolder(
  folder: string,
  { perClass, size, classes = ['a', 'b'], different = Infinity }: ImageFolderOptions,
): Promise<void> {
  const written: string[] = [];
  for (const [label, name] of classes.entries()) {
    mkdirSync(join(folder, name), { recursive: true });
    for (let index = 0; index < perClass; index++) {
      const file = join(folder, name, `${String(index).padStart(4, '0')}.png`);
      if (written.length >= different) {
        linkSync(written[index % written.length] ?? '', file);
        continue;
      }
      const random = randomStream(index, name);
      const pixels = Uint8Array.from({ length: size * size * 3 }, () => random.integer(128) + 100 * label);
      writeFileSync(
        file,
        await sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
          .png()
          .toBuffer(),
      );
      written.push(file);
    }
  }
}
