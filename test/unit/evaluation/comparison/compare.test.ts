import assert from 'node:assert/strict';
import { randomStream } from '../../../../src/data/random.ts';
import type { Task } from '../../../../src/data/task.ts';
import { bootstrapDifference } from '../../../../src/evaluation/comparison/bootstrap.ts';
import { compare } from '../../../../src/evaluation/comparison/compare.ts';
import { rowDivergences } from '../../../../src/evaluation/comparison/divergence.ts';
import { scoreSamples } from '../../../../src/evaluation/comparison/scoreSamples.ts';

const random = () => randomStream(0, 'test');
const twoClasses: Task = { kind: 'classification', classes: ['cat', 'dog'] };
const probabilities = (...outputs: number[]) => ({
  outputs: Float32Array.from(outputs),
  kind: 'probabilities' as const,
});
const logits = (...outputs: number[]) => ({ outputs: Float32Array.from(outputs), kind: 'logits' as const });

describe('bootstrapDifference', () => {
  const scoresOf = (right: readonly number[]) => ({
    sums: Float64Array.from(right),
    counts: new Float64Array(right.length).fill(1),
  });
  /** Of 400 samples, the first is right on 320 and the other on 300, 40 of which the first gets wrong. */
  const one = scoresOf(Array.from({ length: 400 }, (_, sample) => (sample < 320 ? 1 : 0)));
  const other = scoresOf(Array.from({ length: 400 }, (_, sample) => (sample >= 40 && sample < 340 ? 1 : 0)));

  it('is as wide as the paired differences scatter', () => {
    const { value, low, high } = bootstrapDifference(one, other, random())!;
    assert.equal(value, 0.05);
    // 40 samples speak for the first and 20 for the other: standard error √((60/400 − 0.05²)/400).
    const standardError = Math.sqrt((60 / 400 - 0.05 ** 2) / 400);
    assert.ok(Math.abs(high - low - 2 * 1.96 * standardError) < 0.15 * 4 * standardError, `${low} … ${high}`);
    assert.ok(low < value && value < high);
  });

  it('is the same for the same seed, and no width without a difference', () => {
    assert.deepEqual(bootstrapDifference(one, other, random()), bootstrapDifference(one, other, random()));
    assert.deepEqual(bootstrapDifference(one, one, random()), { value: 0, low: 0, high: 0 });
  });

  it('keeps what belongs to a sample together, and weighs samples by what they count', () => {
    const sums = Float64Array.of(4, 0);
    const counts = Float64Array.of(4, 1);
    const none = { sums: new Float64Array(2), counts };
    const { value, low, high } = bootstrapDifference({ sums, counts }, none, random())!;
    assert.deepEqual([value, low, high], [0.8, 0, 1]);
  });

  it('says nothing of nothing', () => {
    assert.equal(bootstrapDifference(scoresOf([]), scoresOf([]), random()), null);
  });
});

describe('rowDivergences', () => {
  it('is Σ p log(p / q)', () => {
    const [first = NaN, second = NaN] = rowDivergences(
      Float64Array.of(0.75, 0.25, 1, 0),
      Float64Array.of(0.5, 0.5, 0.25, 0.75),
      2,
    );
    assert.ok(Math.abs(first - (0.75 * Math.log(1.5) + 0.25 * Math.log(0.5))) < 1e-15);
    assert.ok(Math.abs(second - Math.log(4)) < 1e-15);
  });
});

describe('scoreSamples', () => {
  it('counts the tokens of every text that have a class', () => {
    const task: Task = { kind: 'token-classification', classes: ['noun', 'verb'] };
    const targets = { kind: 'tokens', labels: Int32Array.of(0, 1, 1, -1), width: 2 } as const;
    const scores = scoreSamples(task, logits(1, 0, 1, 0, 0, 1, 0, 1), targets, new Float32Array(0));
    assert.deepEqual(
      [[...scores.sums], [...scores.counts]],
      [
        [1, 1],
        [2, 1],
      ],
    );
  });

  it('counts every class of a sample that may have several', () => {
    const task: Task = { kind: 'multi-label', classes: ['red', 'green'] };
    const targets = { kind: 'values', values: Float32Array.of(1, 0, 1, 1), width: 2 } as const;
    assert.deepEqual([...scoreSamples(task, logits(2, -1, -3, 4), targets, new Float32Array(0)).sums], [2, 1]);
    assert.deepEqual(
      [...scoreSamples(task, probabilities(0.6, 0.4, 0.4, 0.6), targets, new Float32Array(0)).sums],
      [2, 1],
    );
  });

  it('squares the errors of numbers', () => {
    const task: Task = { kind: 'regression', targets: ['price'] };
    const targets = { kind: 'values', values: Float32Array.of(1, 5), width: 1 } as const;
    assert.deepEqual([...scoreSamples(task, logits(3, 4), targets, new Float32Array(0)).sums], [4, 1]);
  });
});

describe('compare', () => {
  it('finds where a student is worse than its teacher, class by class and sample by sample', () => {
    const labels = Int32Array.of(0, 0, 1, 1);
    const compared = compare(twoClasses, {
      teacher: probabilities(0.9, 0.1, 0.8, 0.2, 0.3, 0.7, 0.4, 0.6),
      student: probabilities(0.9, 0.1, 0.4, 0.6, 0.3, 0.7, 0.9, 0.1),
      targets: { kind: 'classes', labels },
      scales: [],
      random: random(),
    });
    assert.equal(compared.difference.value, -0.5);
    assert.deepEqual(
      compared.classes.map((interval) => interval?.value),
      [-0.5, -0.5],
    );
    assert.deepEqual(
      compared.disagreements.map(({ sample }) => sample),
      [3, 1],
    );
    const [worst] = compared.disagreements;
    assert.deepEqual(worst?.truth, { class: 1 });
    assert.equal(worst.teacher.kind === 'class' && worst.teacher.class, 1);
    assert.ok(
      worst.student.kind === 'class' && worst.student.class === 0 && Math.abs(worst.student.probability - 0.9) < 1e-6,
    );
    assert.ok(compared.divergence !== null && compared.divergence > 0);
  });

  it('brings predicted numbers back to their own units', () => {
    const compared = compare(
      { kind: 'regression', targets: ['price'] },
      {
        teacher: logits(0, 1),
        student: logits(0, 3),
        targets: { kind: 'values', values: Float32Array.of(0, 1), width: 1 },
        scales: [{ mean: 100, std: 10 }],
        random: random(),
      },
    );
    assert.equal(compared.divergence, null);
    assert.equal(compared.difference.value, 2);
    assert.deepEqual(compared.disagreements, [
      {
        sample: 1,
        truth: { values: [110] },
        teacher: { kind: 'values', values: [110] },
        student: { kind: 'values', values: [130] },
        distance: 2,
      },
    ]);
  });
});
