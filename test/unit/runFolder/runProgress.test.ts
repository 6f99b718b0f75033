import assert from 'node:assert/strict';
import { settled } from '../../support/settled.ts';
import type { Network, RunEvent } from '../../../src/protocol/events.ts';
import { RunProgress } from '../../../src/runFolder/runProgress.ts';

const written = {
  teacher: { model: 'teacher.onnx' },
  dataset: { path: 'builtin:digits' },
  student: { architecture: 'mlp', hidden: [8] },
};
const experiment = settled({ ...written, objective: [{ loss: 'kd' }], training: { epochs: 10 } });

function step(network: Network, share: number, secondsLeft: number): RunEvent {
  return {
    kind: 'step',
    network,
    step: share * 100,
    steps: 100,
    epoch: 1,
    epochs: 10,
    losses: {},
    learningRate: 0.1,
    samplesPerSecond: 5,
    secondsLeft,
  };
}

describe('RunProgress', () => {
  it('says nothing of the time left before a network is in training', () => {
    const progress = new RunProgress(experiment);
    assert.equal(progress.after({ kind: 'phase', phase: 'dataset', message: '' }).secondsLeft, undefined);
  });

  it('takes what is still to come to go as fast as the network in training', () => {
    const progress = new RunProgress(experiment);
    progress.after({ kind: 'progress', phase: 'teacher-outputs', done: 5, total: 5 });
    // Five of ten epochs are left at 2 s each; then ten of the baseline and the evaluation, which counts as one.
    const { secondsLeft } = progress.after(step('student', 0.5, 10));
    assert.ok(Math.abs((secondsLeft ?? NaN) - (5 + 10 + 1) * 2) < 1e-9, String(secondsLeft));
    assert.ok(Math.abs((progress.after(step('student', 1, 0)).secondsLeft ?? NaN) - 22) < 1e-9);
    assert.deepEqual(Object.keys(progress.after({ kind: 'progress', phase: 'evaluation', done: 1, total: 2 })).sort(), [
      'progress',
      'secondsLeft',
    ]);
  });

  it('counts what is tried before the student, whether or not it is', () => {
    const open = settled(written);
    const progress = new RunProgress(open);
    progress.after({ kind: 'progress', phase: 'first-steps', done: 2, total: 2 });
    const tried = progress.after({ kind: 'progress', phase: 'trials', done: 4, total: 8 }).progress;
    assert.ok(tried > 0.05 && tried < 0.3, String(tried));
    const student = { kind: 'phase', phase: 'student', message: '' } as const;
    const begun = progress.after(student).progress;
    assert.ok(begun > tried);
    assert.equal(new RunProgress(open).after(student).progress, begun);
    // An objective that is named is not tried for.
    assert.ok(new RunProgress(experiment).after(student).progress < 0.06);
  });
});
