import assert from 'node:assert/strict';
import { combineSites, type SiteVoice, type SiteWeighting } from '../../../../src/teacher/sites/combineSites.ts';

/** What the sites together say of one sample, as probabilities. */
function together(weighting: SiteWeighting, voices: readonly SiteVoice[], classes: number): readonly number[] {
  const logits = combineSites(voices, { weighting, classes, count: 1 });
  return Array.from(logits, (logit) => Number(Math.exp(logit).toFixed(6)));
}

function voice(
  classes: readonly number[],
  counts: readonly number[],
  probabilities: readonly number[],
  familiarity?: number,
): SiteVoice {
  const logits = Float32Array.from(probabilities, (p) => Math.log(p) + 3);
  return {
    said: { logits, familiarity: familiarity === undefined ? undefined : Float32Array.of(familiarity) },
    classes,
    counts,
  };
}

describe('what sites say together', () => {
  const disjoint = [voice([0, 1], [50, 50], [0.9, 0.1], 2), voice([3, 2], [50, 50], [0.5, 0.5], -2)];

  it('is their mean, over the classes that each has', () => {
    assert.deepEqual(together('mean', disjoint, 5), [0.45, 0.05, 0.25, 0.25, 0]);
  });

  it('counts each class by the samples that sites have of it', () => {
    const voices = [voice([0, 1], [30, 10], [0.5, 0.5]), voice([0, 1], [10, 30], [0.5, 0.5])];
    assert.deepEqual(together('class-counts', voices, 2), [0.5, 0.5]);
    const sure = [voice([0, 1], [30, 10], [1 - 1e-6, 1e-6]), voice([0, 1], [10, 30], [1 - 1e-6, 1e-6])];
    assert.ok((together('class-counts', sure, 2)[0] ?? 0) > 0.999);
    const apart = [voice([0, 1], [30, 0], [0.6, 0.4]), voice([0, 1], [10, 40], [0.2, 0.8])];
    // The first has seen no sample of class 1, and is not asked about it: 3/4 · 1 + 1/4 · 0.2 = 0.8 against 1 · 0.8.
    assert.deepEqual(together('class-counts', apart, 2), [0.5, 0.5]);
  });

  it('counts a site less that does not know, by its entropy or by what is like its own samples', () => {
    const byConfidence = together('confidence', disjoint, 5);
    assert.ok((byConfidence[0] ?? 0) > 0.5 && (byConfidence[2] ?? 1) < 0.25, byConfidence.join(' '));
    const odds = Math.exp(2) / (Math.exp(2) + Math.exp(-2));
    const expected = [0.9 * odds, 0.1 * odds, 0.5 * (1 - odds), 0.5 * (1 - odds), 0];
    assert.deepEqual(
      together('familiarity', disjoint, 5),
      expected.map((p) => Number(p.toFixed(6))),
    );
  });

  it('is Bayes for all samples in one place, where odds and sites are exact', () => {
    // Two sites with 300 and 100 samples of two classes; of x there are 30 + 10 at the first and 5 + 45 at the second.
    const voices = [
      voice([0, 1], [150, 150], [0.75, 0.25], Math.log(40 / 200)),
      voice([0, 1], [20, 80], [0.1, 0.9], Math.log(50 / 200)),
    ];
    assert.deepEqual(
      together('familiarity', voices, 2),
      [35 / 90, 55 / 90].map((p) => Number(p.toFixed(6))),
    );
  });

  it('is the same for all classes where nobody knows anything', () => {
    assert.deepEqual(together('confidence', [voice([0, 1], [1, 1], [0.5, 0.5])], 2), [0.5, 0.5]);
  });
});
