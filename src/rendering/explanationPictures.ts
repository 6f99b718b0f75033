import { filterPixels, samplePixels } from '../report/drawings/pixels.ts';
import type { ShownExplanation } from '../report/explanation.ts';
import { pngOf } from '../evaluation/pictures.ts';

/**
 * An image and what its parts contribute in teacher and student: orange for it, blue against it, each as strong as its part of the
 * largest.
 *
 * @param shape [channels, height, width]
 */
export async function explanationPictures(
  maps: Readonly<Record<keyof NonNullable<ShownExplanation['pictures']>, Float32Array>>,
  shape: readonly number[],
): Promise<NonNullable<ShownExplanation['pictures']>> {
  const { sample, teacher, student } = maps;
  return {
    sample: await pngOf(samplePixels([...sample], shape)),
    teacher: await pngOf(filterPixels([...teacher], shape)),
    student: await pngOf(filterPixels([...student], shape)),
  };
}
