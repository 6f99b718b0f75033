import assert from 'node:assert/strict';
import { advantageOf, decide, isTaughtKept } from '../../../../../src/run/stages/trials/decide.ts';
import { tellsLittle } from '../../../../../src/preflight/tellsLittle.ts';
import {
  crossFittedSteps,
  mostSecondsOfFirst,
  planAffordableTrials,
  planTrials,
  shortenTrials,
} from '../../../../../src/run/stages/trials/planTrials.ts';

const scores = (...sums: number[]) => ({ sums: Float64Array.from(sums), counts: Float64Array.from(sums, () => 1) });
const finalist = (name: string, value: number, deviation = 0.01) => ({ name, advantage: { value, deviation } });
const better = { value: 0.1, deviation: 0.02 };

describe('which objective is taken', () => {
  it('is the safe one where others are better within their uncertainty only', () => {
    const decision = decide(
      'safe',
      finalist('alone', -0.02),
      [finalist('kd 2', 0.019), finalist('kd 4', 0.05, 0.03)],
      better,
    );
    assert.deepEqual(decision, { chosen: 'safe', reason: 'safe' });
  });

  it('is the best of those that are clearly better', () => {
    const decision = decide('safe', finalist('alone', 0.02), [finalist('kd 2', 0.03), finalist('kd 4', 0.05)], better);
    assert.deepEqual(decision, { chosen: 'kd 4', reason: 'best' });
  });

  it('is the labels where they do best, and wherever the teacher is no better than they are', () => {
    assert.deepEqual(decide('safe', finalist('alone', 0.05), [finalist('kd 4', 0.02)], better), {
      chosen: 'alone',
      reason: 'alone-better',
    });
    const worse = { value: -0.01, deviation: 0.1 };
    assert.deepEqual(decide('safe', finalist('alone', -0.02), [finalist('kd 4', 0.05)], worse), {
      chosen: 'alone',
      reason: 'teacher-no-better',
    });
  });

  it('is the safe one where there are no labels', () => {
    assert.deepEqual(decide('safe', undefined, [], undefined), { chosen: 'safe', reason: 'safe' });
  });
});

describe('the student that a run ends with', () => {
  const none = { value: -0.02, deviation: 0.03 };
  const at = (value: number) => ({ value, deviation: 0.01 });

  it('is the one that was taught by a clearly better teacher, unless it is worse', () => {
    assert.deepEqual(
      [0.005, 0, -0.001].map((value) => isTaughtKept(at(value), better, false)),
      [true, true, false],
    );
  });

  it('is the one that was taught by any other teacher only where it is clearly better', () => {
    assert.deepEqual(
      [0.02, 0.005, 0, -0.02].map((value) => isTaughtKept(at(value), none, false)),
      [true, false, false, false],
    );
    assert.ok(!isTaughtKept(at(0.005), { value: 0.02, deviation: 0.03 }, false));
  });

  it('is the one that was taught by any better teacher that knows more than the labels, unless it is clearly worse', () => {
    const unclear = { value: 0.02, deviation: 0.03 };
    assert.deepEqual(
      [0.005, 0, -0.009, -0.02].map((value) => isTaughtKept(at(value), unclear, true)),
      [true, true, true, false],
    );
    assert.deepEqual(
      [0.02, 0.005, 0].map((value) => isTaughtKept(at(value), none, true)),
      [true, false, false],
    );
  });
});

describe('the advantage of one network over another', () => {
  it('is the mean of the differences sample by sample, with its standard error', () => {
    const { value, deviation } = advantageOf(scores(1, 1, 1, 0), scores(1, 0, 0, 0), true);
    assert.equal(value, 0.5);
    assert.ok(Math.abs(deviation - Math.sqrt(1 / 3 / 4)) < 1e-12);
  });

  it('counts errors the other way round', () => {
    assert.equal(advantageOf(scores(0.1, 0.3), scores(0.2, 0.4), false).value.toFixed(6), '0.100000');
  });

  it('does not take one more right sample of a few for clear', () => {
    const { value, deviation } = advantageOf(scores(1, 0, 0, 0, 0), scores(0, 0, 0, 0, 0), true);
    assert.ok(value <= deviation);
  });
});

describe('how long trials are', () => {
  const student = { steps: 10_000, mayEndEarly: true, macs: 1e5, batchSize: 32 };
  const run = { student, askedMacs: 0, hasBaseline: true, hasAlone: false, stepsBefore: 900 };
  /** All steps of six candidates: the first round, and the second for the safe one, the labels and the best two. */
  const totalOf = (plan: { first: number; second: number } | undefined): number =>
    plan ? 6 * plan.first + 4 * plan.second : 0;

  it('is at most 30 % of what the run computes, also where that is little', () => {
    for (const steps of [6000, 10_000]) {
      const total = totalOf(planTrials(6, { ...run, student: { ...student, steps } }));
      assert.ok(total > 0 && total / (total + 900 + steps) <= 0.3, `${total} of ${steps}`);
    }
  });

  it('is at most 30 % also where the labels alone are taken, after which nothing else is trained', () => {
    const longer = { ...student, steps: 12_000 };
    const total = totalOf(planTrials(6, { ...run, student: longer, hasAlone: true }));
    // It may end after two fifths of its steps.
    assert.ok(total > 0 && total / (total + 900 + 0.4 * longer.steps) <= 0.3, String(total));
  });

  it('is more where a larger teacher is trained as well, but never longer than the training itself', () => {
    const teacher = { ...student, macs: 1e6 };
    const small = { ...student, steps: 6000 };
    const [without, beside] = [undefined, teacher].map((each) =>
      planTrials(6, { ...run, student: small, teacher: each }),
    );
    assert.ok(without && beside && beside.first > 2 * without.first, JSON.stringify([without, beside]));
    assert.deepEqual(planTrials(6, { ...run, student: small, teacher: { ...teacher, macs: 1e9 } }), {
      first: 800,
      second: 2400,
    });
  });

  it('is less where a large teacher is asked about every batch, which the baseline does not', () => {
    const asked = { ...run, askedMacs: 1e8, stepsBefore: 0 };
    const [few, many] = [run, asked].map((each) => totalOf(planTrials(6, { ...each, stepsBefore: 0 })));
    assert.ok(few !== undefined && many !== undefined && many > 0 && many < 0.7 * few, `${many} of ${few}`);
  });

  it('is less where a limit of minutes asks for it, and nothing where too few steps are left', () => {
    const plan = { first: 500, second: 1500 };
    // Six candidates, four of them again with three times as many steps: 18 times the first.
    assert.deepEqual(shortenTrials(plan, 6, { first: 2, allowed: 36 }), plan);
    assert.deepEqual(shortenTrials(plan, 6, { first: 2, allowed: 18 }), { first: 250, second: 750 });
    assert.equal(shortenTrials(plan, 6, { first: 2, allowed: 1 }), undefined);
  });

  it('is known to be nothing as soon as the first trial has taken too long', () => {
    const plan = { first: 500, second: 1500 };
    const most = mostSecondsOfFirst(plan, 6, 18);
    assert.ok(shortenTrials(plan, 6, { first: 0.999 * most, allowed: 18 }));
    assert.equal(shortenTrials(plan, 6, { first: 1.02 * most, allowed: 18 }), undefined);
  });

  it('is bounded, however many epochs a training may have', () => {
    const plan = planTrials(6, { ...run, student: { ...student, steps: 1e8 } });
    assert.deepEqual(plan, { first: 1000, second: 3000 });
  });

  it('is that of fewer candidates where there are too few steps for all', () => {
    const countFor = (steps: number): number | undefined =>
      planAffordableTrials(7, { ...run, stepsBefore: 0, student: { ...student, steps } })?.count;
    assert.deepEqual([10_000, 5000, 3000, 600].map(countFor), [7, 3, 2, undefined]);
  });

  it('is nothing where there are too few steps to tell', () => {
    assert.equal(planTrials(6, { ...run, student: { ...student, steps: 600 }, stepsBefore: 0 }), undefined);
  });
});

describe('cross-fitting', () => {
  const student = { steps: 3000, mayEndEarly: true, macs: 1e4, batchSize: 32 };
  const small = { student, askedMacs: 0, hasBaseline: true };

  it('is for validation splits of which one or two samples decide', () => {
    assert.deepEqual(
      [0, 4, 49, 50].map((count) => tellsLittle({ count })),
      [false, true, true, false],
    );
  });

  it('takes as many steps as tell, fewer with larger networks, and none where it would take too long', () => {
    assert.equal(crossFittedSteps(5, small), 2000);
    assert.equal(crossFittedSteps(5, { ...small, student: { ...student, steps: 20 } }), 20);
    const larger = crossFittedSteps(5, { ...small, teacher: { ...student, macs: 3e6 } });
    assert.ok(larger !== undefined && larger >= 200 && larger < 2000, String(larger));
    assert.equal(crossFittedSteps(5, { ...small, student: { ...student, macs: 3e8 } }), undefined);
  });
});
