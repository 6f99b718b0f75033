import assert from 'node:assert/strict';
import { randomStream } from '../../../../src/data/random.ts';
import { LengthKeeper } from '../../../../src/training/budget/lengthKeeper.ts';
import { Timeline } from '../../../../src/training/budget/timeline.ts';

const options = { epochs: 100, automatic: { patienceSteps: 200 } };

/** Goes through a training whose validation loss is given, an epoch of 10 steps at a time. */
function train(
  keeper: LengthKeeper,
  lossAt: (step: number) => number,
  secondsPerStep = 0,
): { steps: number; endedBy: string } {
  for (let step = 10; ; step += 10) {
    const seconds = step * secondsPerStep;
    const endedBy = keeper.endAfterStep({ step, seconds });
    if (endedBy) return { steps: step, endedBy };
    keeper.note({ step, seconds, loss: lossAt(step) });
  }
}

describe('the length of a training that is left to Distillery', () => {
  it('is what was planned while the loss falls', () => {
    assert.deepEqual(
      train(new LengthKeeper(options, 1000), (step) => 1 / step),
      { steps: 1000, endedBy: 'epochs' },
    );
  });

  it('ends after patience and a last part in which the rate comes down', () => {
    const keeper = new LengthKeeper(options, 5000);
    const { steps, endedBy } = train(keeper, (step) => 1 + Math.abs(step - 300) / 300);
    assert.equal(endedBy, 'patience');
    assert.ok(steps > 500 && steps < 1200, String(steps));
    assert.ok(keeper.timeline.position(steps - 1) > 4900, 'the schedule has come to its end');
  });

  it('is not ended by noise on a small validation split', () => {
    const random = randomStream(1, 'noise');
    // It falls slowly, by less per epoch than it jumps.
    const { steps, endedBy } = train(
      new LengthKeeper(options, 2000),
      (step) => Math.exp(-step / 800) + 0.2 * random.uniform(),
    );
    assert.deepEqual({ steps, endedBy }, { steps: 2000, endedBy: 'epochs' });
  });

  it('goes through the whole schedule in the minutes that there are', () => {
    const keeper = new LengthKeeper({ ...options, maxMinutes: 1 }, 10_000);
    const { steps, endedBy } = train(keeper, (step) => 1 / step, 0.1);
    assert.ok(steps > 500 && steps <= 600, String(steps));
    assert.equal(endedBy, 'maxMinutes');
    assert.ok(keeper.timeline.position(steps) > 9800);
  });

  it('does not take the first epochs, in which the teacher is asked, for the pace of the later ones', () => {
    // 20 epochs of 10 steps, a second each, and a tenth of one afterwards.
    const keeper = new LengthKeeper({ ...options, maxMinutes: 1, askedSteps: 200 }, 10_000);
    const perStep = (step: number): number => (step <= 200 ? 0.1 : 0.01);
    let [seconds, waited] = [0, 0];
    const ends: number[] = [];
    for (let step = 10; !keeper.endAfterStep({ step, seconds }); step += 10) {
      seconds += 10 * perStep(step);
      if (step <= 200) waited += 10 * 0.09;
      keeper.note({ step, seconds, waited, loss: 1 / step });
      ends.push(keeper.timeline.end);
    }
    const last = ends.at(-1) ?? 0;
    // 20 seconds for the first 200 steps, 38 for 3,800 others.
    assert.ok(last > 3900 && last <= 4020, String(last));
    assert.ok(
      ends.every((end) => Math.abs(end - last) <= 0.03 * last),
      'the plan is the same from the first epoch on',
    );
  });

  it('takes up again what a slow epoch had it give up, and not more', () => {
    const keeper = new LengthKeeper({ ...options, maxMinutes: 1 }, 1000);
    keeper.note({ step: 10, seconds: 20, loss: 1 });
    assert.ok(keeper.timeline.end < 40, String(keeper.timeline.end));
    const position = keeper.timeline.position(15);
    keeper.note({ step: 15, seconds: 20.05, loss: 0.9 });
    assert.equal(keeper.timeline.end, 1000);
    assert.ok(Math.abs(keeper.timeline.position(15) - position) < 1e-9, 'without a jump');
    assert.ok(Math.abs(keeper.timeline.position(1000) - 1000) < 1e-9, 'to the end of the schedule');
    assert.equal(keeper.endAfterStep({ step: 1000, seconds: 40 }), 'epochs');
  });

  it('goes on from what was stored as if it had not been interrupted', () => {
    const lossAt = (step: number): number => 1 + Math.abs(step - 300) / 300;
    const whole = train(new LengthKeeper(options, 5000), lossAt);
    let keeper = new LengthKeeper(options, 5000);
    for (let step = 10; ; step += 10) {
      keeper = new LengthKeeper(options, 5000, structuredClone(keeper.stored));
      const endedBy = keeper.endAfterStep({ step, seconds: 0 });
      if (endedBy) {
        assert.deepEqual({ steps: step, endedBy }, whole);
        break;
      }
      keeper.note({ step, seconds: 0, loss: lossAt(step) });
    }
  });

  it("is the file's where that names a number", () => {
    const keeper = new LengthKeeper({ epochs: 3, maxSteps: 50 }, 50);
    assert.equal(keeper.stored, undefined);
    assert.equal(keeper.endAfterStep({ step: 49, seconds: 0 }), undefined);
    assert.equal(keeper.endAfterStep({ step: 50, seconds: 0 }), 'maxSteps');
  });
});

describe('Timeline', () => {
  it('is the steps themselves until it is bent, and has no jump where it is', () => {
    const timeline = new Timeline(100);
    assert.deepEqual(
      [0, 33, 99].map((step) => timeline.position(step)),
      [0, 33, 99],
    );
    timeline.fit(40, 20);
    assert.equal(timeline.end, 60);
    assert.deepEqual(
      [40, 50, 60].map((step) => timeline.position(step)),
      [40, 70, 100],
    );
  });
});
