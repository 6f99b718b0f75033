import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { conductTrials, type Conducted } from '../../../src/search/conductTrials.ts';
import type { Job } from '../../../src/search/jobs.ts';
import { halvingStrategy, rungsOf } from '../../../src/search/strategies/halving.ts';
import { randomStrategy } from '../../../src/search/strategies/random.ts';
import { tpeStrategy } from '../../../src/search/strategies/tpe.ts';
import type { TrialResult } from '../../../src/search/trials/trial.ts';
import { choiceOf, numberBetween } from '../../support/searchFunctions.ts';

const EPOCHS = 9;
const space = [numberBetween('x', 0, 1)];

/** A trial whose loss falls to |x − 0.3| over nine epochs. */
function resultOf({ point, epochs }: Job): TrialResult {
  const length = epochs ?? EPOCHS;
  return {
    state: epochs === null ? 'finished' : 'paused',
    epochs: Array.from({ length }, (_, index) => ({
      epoch: index + 1,
      accuracy: null,
      loss: Math.abs((point['x'] ?? 0) - 0.3) + 1 / (index + 1),
      best: true,
    })),
    figures: null,
  };
}

async function search(options: Partial<Conducted> = {}) {
  return conductTrials({
    space,
    aims: [{ name: 'loss', direction: 'minimize' }],
    propose: tpeStrategy(space),
    trials: 24,
    atOnce: 1,
    seed: 5,
    before: [],
    mayBegin: () => true,
    onBegin: () => Promise.resolve(),
    onEnd: () => Promise.resolve(),
    run: (job) => Promise.resolve(resultOf(job)),
    signal: new AbortController().signal,
    ...options,
  });
}

const decided = (jobs: readonly Job[]) => jobs.map(({ trial, point, epochs }) => ({ trial, point, epochs }));

describe('conducting trials', () => {
  it('comes to the same however fast trials are, several at once', async () => {
    const slowEven = async (job: Job) => {
      await wait(job.number % 2 === 0 ? 6 : 0);
      return resultOf(job);
    };
    const slowOdd = async (job: Job) => {
      await wait(job.number % 2 === 0 ? 0 : 6);
      return resultOf(job);
    };
    for (const propose of [tpeStrategy(space), halvingStrategy(space, EPOCHS)]) {
      const one = await search({ propose, atOnce: 3, run: slowEven });
      const other = await search({ propose, atOnce: 3, run: slowOdd });
      assert.deepEqual(decided(one.jobs), decided(other.jobs));
      assert.equal(one.jobs.filter(({ isFirst }) => isFirst).length, 24);
    }
  });

  it('draws the same points at random, whatever is done between them', async () => {
    const pointsOf = async (options: Partial<Conducted>) =>
      (await search(options)).jobs.filter(({ isFirst }) => isFirst).map(({ point }) => point);
    const random = await pointsOf({ propose: randomStrategy(space) });
    const halving = await pointsOf({ propose: halvingStrategy(space, EPOCHS), trials: 30, atOnce: 2 });
    assert.deepEqual(halving.slice(0, 24), random);
  });

  it('never has more at once than asked, and has as many', async () => {
    let [now, most] = [0, 0];
    const run = async (job: Job) => {
      most = Math.max(most, ++now);
      await wait(1);
      now--;
      return resultOf(job);
    };
    await search({ atOnce: 4, run });
    assert.equal(most, 4);
  });

  it('killed ten times it ends like one undisturbed', async () => {
    for (const propose of [tpeStrategy(space), halvingStrategy(space, EPOCHS)]) {
      const undisturbed = await search({ propose, atOnce: 2 });
      // What a journal would hold: begun jobs, and the ends of those that were over.
      let journal: Job[] = [];
      for (let kill = 1; ; kill++) {
        const stop = new AbortController();
        let left = kill > 10 ? Infinity : 3;
        const { endedBy } = await search({
          propose,
          atOnce: 2,
          before: [...journal],
          signal: stop.signal,
          onBegin: (job) => {
            journal[job.number] = job;
            return Promise.resolve();
          },
          onEnd: (_, job) => {
            journal[job.number] = job;
            return Promise.resolve();
          },
          run: (job) => {
            if (left-- > 0) return Promise.resolve(resultOf(job));
            stop.abort();
            return Promise.resolve({ state: 'stopped' });
          },
        });
        journal = [...journal];
        if (endedBy !== 'stopped') break;
      }
      assert.deepEqual(decided(journal), decided(undisturbed.jobs));
    }
  });

  it('halves: a third goes on from each rung, and the best is among those that finish', async () => {
    assert.deepEqual([rungsOf(9), rungsOf(10), rungsOf(1)], [[1, 3, 9], [1, 3, 10], [1]]);
    const { jobs, endedBy } = await search({ propose: halvingStrategy(space, EPOCHS), trials: 27 });
    const count = (epochs: number | null) => jobs.filter((job) => job.epochs === epochs).length;
    assert.equal(endedBy, 'trials');
    assert.equal(count(1), 27);
    assert.ok(count(3) >= 9 && count(3) <= 13, `${count(3)} reached the second rung`);
    assert.ok(count(null) >= 3 && count(null) <= 6, `${count(null)} were trained to the end`);
    const distance = ({ point }: Job) => Math.abs((point['x'] ?? 9) - 0.3);
    const closest = Math.min(...jobs.map(distance));
    assert.equal(Math.min(...jobs.filter((job) => job.epochs === null).map(distance)), closest);
  });

  it('halving trains at most half the epochs of random search and finds the same best', async () => {
    const all = await search({ propose: randomStrategy(space), trials: 30 });
    const halved = await search({ propose: halvingStrategy(space, EPOCHS), trials: 30 });
    const epochs = halved.jobs.reduce((sum, job) => sum + (job.epochs === null ? 6 : job.epochs === 3 ? 2 : 1), 0);
    assert.ok(epochs <= (all.jobs.length * EPOCHS) / 2, `${epochs} epochs`);
  });

  it('halving trains one to the end, however few trials there are', async () => {
    for (const trials of [1, 2, 4]) {
      const { jobs, endedBy } = await search({ propose: halvingStrategy(space, EPOCHS), trials, atOnce: 2 });
      assert.equal(jobs.filter(({ end }) => end?.result.state === 'finished').length, 1);
      assert.equal(endedBy, 'trials');
    }
  });

  it('refused trials are not among those that were asked for, and too many end it', async () => {
    const refuse = (job: Job): TrialResult =>
      (job.point['x'] ?? 0) > 0.5 ? { state: 'refused', problems: [], figures: null } : resultOf(job);
    const { jobs } = await search({
      propose: randomStrategy(space),
      trials: 10,
      run: (job) => Promise.resolve(refuse(job)),
    });
    assert.equal(jobs.filter(({ end }) => end?.result.state === 'finished').length, 10);
    const never = await search({
      trials: 2,
      run: () => Promise.resolve({ state: 'refused', problems: [], figures: null }),
    });
    assert.deepEqual([never.endedBy, never.jobs.length], ['refusals', 40]);
  });

  it('ends when the space has no more points, or time is up', async () => {
    const small = [choiceOf('x', [1, 2, 3])];
    const exhausted = await search({ space: small, propose: randomStrategy(small), atOnce: 2 });
    assert.deepEqual([exhausted.endedBy, exhausted.jobs.length], ['space', 3]);
    let calls = 0;
    const late = await search({ mayBegin: () => ++calls <= 4 });
    assert.deepEqual([late.endedBy, late.jobs.length], ['minutes', 4]);
  });

  it('what cannot be written ends the search with that error', async () => {
    await assert.rejects(search({ onEnd: () => Promise.reject(new Error('disk full')) }), /disk full/);
  });
});
