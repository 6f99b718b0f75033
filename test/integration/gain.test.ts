import assert from 'node:assert/strict';
import { measureGain, type GainRun } from '../../bench/gain/measureGain.ts';
import {
  isBelowLargestClass,
  pooledInterval,
  pooledShare,
  summarizeTask,
  type TaskGain,
} from '../../bench/gain/summarizeGain.ts';
import { gainTasks, type GainTask } from '../../bench/gain/tasks.ts';
import { fullOr, tellShortened } from '../support/full.ts';
import { smallDigits } from '../support/smallDigits.ts';

/** Few labels, of a teacher that had them all; images, which are enlarged by changes. */
const digits: GainTask = {
  name: 'built-in digits, 60 labels',
  hasUnlabelled: false,
  experiment: () => ({
    teacher: { architecture: 'mlp', hidden: [64], training: { maxSteps: 600 } },
    dataset: { path: smallDigits(), limit: 60 },
    student: { architecture: 'mlp', hidden: [16] },
    training: { maxSteps: fullOr(20_000, 1000) },
  }),
};

/** Share of the gap to the teacher that the defaults close on these tasks; labels alone close none, kd at T 4 for 10 epochs far less. */
const LEAST_SHARE = 0.4;

/** The small form of `npm run bench -- gain`: whether the defaults still help. */
describe('with nothing filled in but teacher, data and student', function () {
  this.timeout(600_000);
  const named = (name: string): readonly GainTask[] => gainTasks.filter((task) => task.name === name);
  const measured: TaskGain[] = [];

  before(async () => {
    tellShortened('gain of the defaults: three small tasks, one seed; `npm run bench -- gain` has all');
    const tasks = [digits, ...named('german credit 200'), ...named('phoneme 300 and the rest')];
    for (const task of tasks) {
      const runs: GainRun[] = [];
      for (const seed of fullOr([0, 1, 2], [0])) {
        const run = await measureGain(task, seed);
        if (run) runs.push(run);
      }
      if (runs.length > 0) measured.push(summarizeTask(task, runs));
    }
  });

  it('the student comes nearer to its teacher than the same one without it', () => {
    const told = measured.map(({ task, baseline, gain, gap }) => ({ task: task.name, baseline, gain, gap }));
    const share = pooledShare(measured);
    assert.ok(share !== undefined && share >= LEAST_SHARE, `${share} of the gap: ${JSON.stringify(told)}`);
  });

  it('no student is worse than who always says the largest class', () => {
    for (const { task, runs } of measured)
      assert.ok(!runs.some(isBelowLargestClass), `${task.name}: ${JSON.stringify(runs)}`);
  });
});

describe('the pooled share of the gap', () => {
  const gains = (...pairs: readonly (readonly [number, number])[]): TaskGain =>
    summarizeTask(
      { name: 'task', hasUnlabelled: false },
      pairs.map(([gain, gap]) => ({
        baseline: 50,
        student: 50 + gain,
        teacher: 50 + gap,
        largestClass: null,
        testSamples: 100,
        objective: '',
        reason: '',
        seconds: 1,
        trialShare: 0,
        fixed: {},
      })),
    );

  it('counts what is lost where there is no gap, and has an interval over the seeds', () => {
    const tasks = [gains([4, 10], [2, 10]), gains([-1, -5], [0, -5])];
    assert.ok(Math.abs((pooledShare(tasks) ?? NaN) - 0.25) < 1e-12);
    // The first seed closed 0.3 of the gap, the second 0.2.
    const interval = pooledInterval(tasks);
    assert.ok(interval && Math.abs(interval.value - 0.25) < 1e-12 && interval.low < 0 && interval.high > 0.5);
    assert.equal(pooledInterval([gains([4, 10])]), null);
  });
});
