import type { Dataset } from '../data/dataset.ts';
import { weightedSum } from './explainedOutput.ts';
import type { Attributor } from './integratedGradients.ts';
import type { EnsemblePredictor } from './ensemblePredictor.ts';

/** Side of the squares of an image that are hidden. */
const SIDE = 4;

/**
 * Occlusion (Zeiler & Fergus, arXiv 1311.2901): how much the sum falls when a part of the sample is zero, shared by the numbers of
 * that part: squares of an image with all channels, else every number by itself. Of a text every token becomes padding.
 */
export function occlusion(
  predictor: EnsemblePredictor,
  { samples, sampleShape }: Pick<Dataset, 'samples' | 'sampleShape'>,
): Attributor {
  const { batchSize } = predictor;
  const nothing = samples.kind === 'tokens' ? samples.padding : 0;
  const parts = hiddenParts(sampleShape);
  const sumsOf = async (batch: Float32Array, weights: Float32Array): Promise<readonly number[]> => {
    const outputs = await predictor.run(batch);
    const width = outputs.length / batchSize;
    return Array.from({ length: batchSize }, (_, row) =>
      weightedSum(outputs.subarray(row * width, (row + 1) * width), weights),
    );
  };
  return {
    attribute: async (sample, weights) => {
      const filled = (): Float32Array => {
        const batch = new Float32Array(batchSize * sample.length);
        for (let row = 0; row < batchSize; row++) batch.set(sample, row * sample.length);
        return batch;
      };
      const [whole = NaN] = await sumsOf(filled(), weights);
      const contributions = new Float32Array(sample.length);
      const told = parts.filter((part) => part.some((index) => sample[index] !== nothing));
      for (let first = 0; first < told.length; first += batchSize) {
        const hidden = told.slice(first, first + batchSize);
        const batch = filled();
        hidden.forEach((part, row) => {
          for (const index of part) batch[row * sample.length + index] = nothing;
        });
        const left = await sumsOf(batch, weights);
        hidden.forEach((part, row) => {
          for (const index of part) contributions[index] = (whole - (left[row] ?? NaN)) / part.length;
        });
      }
      return contributions;
    },
  };
}

/** Indices of the numbers that are hidden together. */
export function hiddenParts(sampleShape: readonly number[]): readonly (readonly number[])[] {
  const [channels = 1, height = 1, width = 1] = sampleShape.length === 3 ? sampleShape : [1, 1, sampleShape[0] ?? 1];
  const side = height > 1 && width > 1 ? SIDE : 1;
  const parts: number[][] = [];
  for (let top = 0; top < height; top += side) {
    for (let left = 0; left < width; left += side) {
      const part: number[] = [];
      for (let channel = 0; channel < channels; channel++) {
        for (let y = top; y < Math.min(height, top + side); y++) {
          for (let x = left; x < Math.min(width, left + side); x++) part.push((channel * height + y) * width + x);
        }
      }
      parts.push(part);
    }
  }
  return parts;
}
