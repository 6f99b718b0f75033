import type { Split } from '../../src/data/samples/split.ts';
import { randomStream } from '../../src/data/random.ts';
import { elementCount } from '../../src/onnx/tensor.ts';

/** Samples of a few classes in turns: a pattern of the class with a little noise. */
export function classPatterns(options: {
  readonly count: number;
  readonly sampleShape: readonly number[];
  readonly classes: number;
}): Split {
  const { count, sampleShape, classes } = options;
  const random = randomStream(0, 'class patterns');
  const length = elementCount(sampleShape);
  const samples = Float32Array.from({ length: count * length }, (_, index) => {
    const label = Math.floor(index / length) % classes;
    return Math.sin((index % length) * (1 + label)) + random.normal() / 4;
  });
  return {
    count,
    targets: { kind: 'classes', labels: Int32Array.from({ length: count }, (_, index) => index % classes) },
    read: (indices, target) => {
      Array.from(indices).forEach((sample, row) => {
        target.set(samples.subarray(sample * length, (sample + 1) * length), row * length);
      });
      return Promise.resolve();
    },
  };
}
