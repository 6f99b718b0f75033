import { randomStream } from '../../src/data/random.ts';
import { describeSoftTree } from '../../src/evaluation/softTree/describeSoftTree.ts';
import type { SoftTreeReport } from '../../src/report/trees/softTreeReport.ts';

export interface SoftTreeSample {
  readonly depth: number;
  readonly sampleShape: readonly number[];
  readonly classes?: readonly string[];
  readonly names?: readonly string[];
}

/** A tree with random filters, as `tree.json` has it: leaf n is for class n, and n + 1 samples of the test split end there. */
export function softTreeOf({ depth, sampleShape, classes = ['a', 'b', 'c'], names }: SoftTreeSample): SoftTreeReport {
  const leaves = 2 ** depth;
  const random = randomStream(0, 'tree');
  const features = sampleShape.reduce((product, size) => product * size, 1);
  const total = (leaves * (leaves + 1)) / 2;
  return describeSoftTree({
    predict: 'mean',
    classes,
    sampleShape,
    features: names ?? null,
    samples: total,
    filters: Float32Array.from({ length: (leaves - 1) * features }, () => random.normal()),
    biases: new Float32Array(leaves - 1),
    traffic: {
      leaves: Array.from({ length: leaves }, (_, leaf) => ({
        distribution: classes.map((_name, index) =>
          index === leaf % classes.length ? 0.75 : 0.25 / (classes.length - 1),
        ),
        samples: leaf + 1,
        probability: (leaf + 1) / total,
      })),
      paths: [
        {
          ...{ sample: 4, label: 1, predicted: 1, leaf: leaves - 1, probability: 0.9 },
          values: Array.from({ length: features }, (_, index) => index / features),
          right: Array.from({ length: depth }, () => 0.98),
        },
        {
          ...{ sample: 7, label: 0, predicted: 2, leaf: 0, probability: 0.5 },
          values: new Array<number>(features).fill(0.5),
          right: Array.from({ length: depth }, () => 0.25),
        },
      ],
    },
  });
}
