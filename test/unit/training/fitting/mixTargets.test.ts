import assert from 'node:assert/strict';
import { NO_LABEL } from '../../../../src/data/unlabelled/noLabel.ts';
import type { ObjectiveTerm } from '../../../../src/objectives/objectiveTerm.ts';
import { fittedTerms, fittingProblems } from '../../../../src/training/fitting/fittedTerms.ts';
import { mixTargets, type KnownOfSamples } from '../../../../src/training/fitting/mixTargets.ts';

const kd = { loss: 'kd', temperature: 1, weight: 0.9, target: 'soft', standardize: false } as const;
const labels = { loss: 'labels', weight: 0.1, smoothing: 0 } as const;

function mix(objective: readonly ObjectiveTerm[], known: Partial<KnownOfSamples>) {
  const all = { count: 1, width: 2, labels: undefined, teachers: [], prepared: new Map(), ...known };
  const targets = new Float32Array(all.count * all.width);
  const weights = new Float32Array(all.count);
  mixTargets(fittedTerms(objective), all, targets, weights);
  const round = (values: Float32Array): number[] => [...values].map((value) => Math.round(value * 1000) / 1000);
  return { targets: round(targets), weights: round(weights) };
}

const logits = (...shares: number[]): Float32Array => Float32Array.from(shares, Math.log);

describe('mixTargets', () => {
  it("mixes the teachers' probabilities with the labels by the weights", () => {
    const teachers = [
      { outputs: logits(0.8, 0.2), weight: 0.5 },
      { outputs: logits(0.4, 0.6), weight: 0.5 },
    ];
    const { targets, weights } = mix([kd, labels], { teachers, labels: Float32Array.of(0, 1) });
    assert.deepEqual(targets, [0.54, 0.46]);
    assert.deepEqual(weights, [1]);
  });

  it('takes what the teacher says alone where there is no label, by its share', () => {
    const teachers = [{ outputs: logits(0.8, 0.2), weight: 1 }];
    const { targets, weights } = mix([kd, labels], { teachers, labels: Float32Array.of(NO_LABEL, NO_LABEL) });
    assert.deepEqual(targets, [0.8, 0.2]);
    assert.deepEqual(weights, [0.9]);
  });

  it('has the likeliest class, smoothed labels, weights of classes and prepared targets', () => {
    const teachers = [{ outputs: logits(0.8, 0.2), weight: 1 }];
    assert.deepEqual(mix([{ loss: 'hard-teacher-labels', weight: 1 }], { teachers }).targets, [1, 0]);
    const known = { labels: Float32Array.of(0, 1) };
    assert.deepEqual(mix([{ ...labels, smoothing: 0.2 }], known).targets, [0.1, 0.9]);
    assert.deepEqual(mix([{ ...labels, weight: 1, classWeights: { each: [1, 3] } }], known).weights, [3]);
    const prepared = new Map([['rank-weighted', logits(0.3, 0.7)]]);
    assert.deepEqual(mix([{ ...kd, target: 'rank-weighted' }], { teachers, prepared }).targets, [0.3, 0.7]);
  });

  it('mixes numbers', () => {
    const objective = [
      { loss: 'teacher-mse', weight: 1 },
      { loss: 'mse', weight: 3 },
    ] as const;
    const teachers = [{ outputs: Float32Array.of(4, 0), weight: 1 }];
    assert.deepEqual(mix(objective, { teachers, labels: Float32Array.of(8, -4) }).targets, [7, -3]);
  });
});

describe('fittingProblems', () => {
  const refused: readonly (readonly [ObjectiveTerm, RegExp])[] = [
    [{ ...kd, temperature: 4 }, /at temperature 1/],
    [{ ...kd, standardize: true }, /without standardising/],
    [{ ...kd, divergence: 'reverse' }, /forward divergence/],
    [{ ...labels, focal: 2 }, /focal/],
    [{ ...labels, weight: { from: 0, to: 1, until: 1 } }, /no weight changes/],
    [{ loss: 'teacher-mse', weight: 1, bounded: { margin: 0 } }, /bounded/],
    [{ loss: 'logit-mse', weight: 1 }, /'logit-mse' is not/],
  ];
  for (const [term, message] of refused) {
    it(`refuses ${JSON.stringify(term)} with a way out`, () => {
      const [problem, ...others] = fittingProblems('decision-tree', 'student', [labels, term], 'classification');
      assert.deepEqual(others, []);
      assert.equal(problem?.where, 'objective[1]');
      assert.match(problem.message, message);
      assert.match(problem.message, /decision-tree/);
      assert.ok(problem.hint);
    });
  }

  it('takes the usual objectives, and refuses tasks of several labels, tokens and reconstruction', () => {
    assert.deepEqual(fittingProblems('svm', 'student', [kd, labels], 'classification'), []);
    assert.deepEqual(fittingProblems('svm', 'student', [{ loss: 'teacher-mse', weight: 1 }], 'matching'), []);
    for (const task of ['multi-label', 'token-classification', 'reconstruction'] as const) {
      assert.equal(fittingProblems('svm', 'teacher', [], task)[0]?.where, 'teacher.architecture');
    }
  });
});
