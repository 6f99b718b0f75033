import assert from 'node:assert/strict';
import { chooseEpoch, type PartCurve } from '../../../../src/training/epochByParts/pooledCurve.ts';
import { OWN } from '../../../../src/training/epochByParts/sharesEvidence.ts';

/** A part of ten samples whose networks were judged after every second step. */
function part(accuracies: readonly (number | null)[], losses: readonly number[], count = 10): PartCurve {
  const epochs = accuracies.map((accuracy, index) => ({ step: 2 * (index + 1), accuracy, loss: losses[index] ?? 1 }));
  return { count, epochs };
}

const flat = [1, 1, 1, 1] as const;

describe('chooseEpoch', () => {
  it('is where the networks are right on most of all samples, whatever one part says', () => {
    const parts = [
      part([0.9, 0.5, 0.5, 0.5], flat),
      part([0.2, 0.9, 0.5, 0.5], flat),
      part([0.2, 0.9, 0.5, 0.5], flat),
    ];
    const { epoch, quality } = chooseEpoch(parts, [2, 4, 6, 8]);
    assert.equal(epoch, 2);
    assert.ok(Math.abs((quality.accuracy ?? 0) - 23 / 30) < 1e-12);
  });

  it('counts each part by its samples', () => {
    const parts = [part([1, 0, 0, 0], flat, 10), part([0, 0, 1, 0], flat, 30)];
    assert.equal(chooseEpoch(parts, [2, 4, 6, 8]).epoch, 3);
  });

  it('decides by the loss where half a sample is all that lies between, or nothing is right or wrong', () => {
    const falling = [3, 2, 1, 2];
    assert.equal(chooseEpoch([part([0.5, 0.52, 0.5, 0.4], falling)], [2, 4, 6, 8]).epoch, 3);
    assert.equal(chooseEpoch([part([0.5, 0.7, 0.5, 0.4], falling)], [2, 4, 6, 8]).epoch, 2);
    assert.equal(chooseEpoch([part([null, null, null, null], falling)], [2, 4, 6, 8]).epoch, 3);
    assert.equal(chooseEpoch([part([null, null, null, null], falling)], [2, 4, 6, 8]).quality.accuracy, null);
  });

  it('takes parts as they were after as many steps, however long their own epochs are', () => {
    const short = part([0, 0, 0, 1], flat);
    const long: PartCurve = {
      count: 10,
      epochs: [
        { step: 4, accuracy: 0, loss: 1 },
        { step: 8, accuracy: 1, loss: 1 },
      ],
    };
    assert.equal(chooseEpoch([short, long], [2, 4, 6, 8]).epoch, 4);
    assert.equal(chooseEpoch([short, long], [5, 10]).epoch, 2);
  });

  it('does not fall for an epoch that was lucky among others of about as many steps', () => {
    const length = 200;
    const ends = Array.from({ length }, (_, index) => 2 * (index + 1));
    const accuracies = ends.map((step) => (step === 60 ? 0.9 : step > 200 && step <= 240 ? 0.8 : 0.6));
    const { epoch, quality } = chooseEpoch(
      [
        part(
          accuracies,
          ends.map(() => 1),
          100,
        ),
      ],
      ends,
    );
    assert.ok(epoch > 100 && epoch <= 120, String(epoch));
    assert.ok((quality.accuracy ?? 0) > 0.75);
  });

  it('tells how much of what the networks say is best left about that epoch, by all parts together', () => {
    const told = (ahead: number, behind: number, likeliest: number) => ({
      ahead,
      behind,
      losses: OWN.map((own) => (own - likeliest) ** 2),
    });
    const curve = (evidence: readonly (ReturnType<typeof told> | undefined)[]): PartCurve => ({
      count: 10,
      epochs: evidence.map((each, index) => ({ step: 2 * (index + 1), accuracy: index, loss: 1, evidence: each })),
    });
    const early = told(9, 0, 1);
    const own = (...last: readonly (ReturnType<typeof told> | undefined)[]) =>
      chooseEpoch(
        last.map((each) => curve([early, early, early, each])),
        [2, 4, 6, 8],
      ).own;
    // Either part alone is ahead by less than chance allows; both together are not.
    assert.equal(own(told(3, 2, 0.2)), 0.2);
    assert.equal(own(told(6, 3, 0.2), told(6, 3, 0.2)), 1);
    assert.equal(own(told(1, 4, 0.2), told(1, 4, 0.6)), 0.4);
    assert.equal(own(told(1, 4, 0.2), undefined), undefined);
  });
});
