import assert from 'node:assert/strict';
import { countClasses } from '../../../../src/data/splits/examineSplits.ts';
import type { Split } from '../../../../src/data/samples/split.ts';
import type { Finding } from '../../../../src/data/findings/finding.ts';
import { FloatSamples } from '../../../../src/data/samples/floatSamples.ts';

/** Samples of two values. */
function split(values: readonly (readonly [number, number])[], labels: readonly number[]): Split {
  const targets = { kind: 'classes' as const, labels: Int32Array.from(labels) };
  return new FloatSamples(Float32Array.from(values.flat()), targets, values.length);
}

const examined = (training: Split, test: Split) => ({
  task: { kind: 'classification' as const, classes: ['a', 'b'] },
  sampleShape: [2],
  training,
  validation: split([[0, 0]], [0]),
  test,
});
const told = (findings: readonly Finding[], severity: Finding['severity']): string[] =>
  findings.filter((finding) => finding.severity === severity).map(({ message }) => message);

describe('what is told about the splits of a dataset', () => {
  const many = split(
    Array.from({ length: 24 }, (_, row) => [row, row + 0.5] as const),
    Array.from({ length: 24 }, (_, row) => (row < 22 ? 0 : 1)),
  );

  it('is how many samples each class has, and where classes are rare or absent', () => {
    const findings = countClasses(examined(many, split([[100, 1]], [0])));
    assert.deepEqual(told(findings, 'information'), [
      "The training split has 24 samples: 22 'a', 2 'b'.",
      "The validation split has 1 samples: 1 'a', 0 'b'.",
      "The test split has 1 samples: 1 'a', 0 'b'.",
    ]);
    assert.deepEqual(told(findings, 'warning'), [
      "The classes are out of balance: 22 'a' and 2 'b' to train with.",
      "The test split has no sample of 'b'.",
    ]);
  });
});
