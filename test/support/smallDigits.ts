import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DIGIT_BYTES, DigitPainter } from '../../src/data/formats/digits/digitPainter.ts';
import { idxFile } from './datasets.ts';

/** Samples of each split. */
export const SMALL_DIGITS = { training: 1500, test: 500 } as const;

let folder: string | undefined;

/**
 * The first of the built-in digits as a folder of IDX files: most tests need no more of them, and evaluate their networks in a
 * fraction of the time. Written once per process and removed at its end.
 */
export function smallDigits(): string {
  if (folder !== undefined) return folder;
  const made = mkdtempSync(join(tmpdir(), 'distillery-digits-'));
  process.once('exit', () => {
    rmSync(made, { recursive: true, force: true });
  });
  writeSplit(made, 'train', 0, SMALL_DIGITS.training);
  writeSplit(made, 't10k', 1, SMALL_DIGITS.test);
  folder = made;
  return made;
}

function writeSplit(root: string, name: string, seed: number, count: number): void {
  const painter = new DigitPainter();
  const pixels = new Uint8Array(count * DIGIT_BYTES);
  const labels = Uint8Array.from({ length: count }, (_, index) => index % 10);
  for (const [index, label] of labels.entries()) {
    painter.draw(label, seed, index, pixels.subarray(index * DIGIT_BYTES, (index + 1) * DIGIT_BYTES));
  }
  writeFileSync(join(root, `${name}-images-idx3-ubyte`), idxFile([count, 28, 28], pixels));
  writeFileSync(join(root, `${name}-labels-idx1-ubyte`), idxFile([count], labels));
}
