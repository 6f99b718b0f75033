import assert from 'node:assert/strict';
import type { TrainingClock } from '../../../src/protocol/snapshot.ts';
import { hasTimes, Timeline } from '../../../webview/charts/timeline.ts';

const student: TrainingClock = { network: 'student', stepsPerEpoch: 50, x: [1, 2, 4], seconds: [10, 15, 25] };
const baseline: TrainingClock = { network: 'baseline', stepsPerEpoch: 50, x: [2], seconds: [4] };

describe('Timeline', () => {
  it('counts epochs as steps', () => {
    assert.equal(new Timeline('step', [student]).at('student', 2.5), 125);
  });

  it('counts epochs as seconds of the training of each network, evenly between the points that are known', () => {
    const timeline = new Timeline('time', [student, baseline]);
    assert.deepEqual(
      [0, 0.5, 1, 1.5, 3, 4].map((epoch) => timeline.at('student', epoch)),
      [0, 5, 10, 12.5, 20, 25],
    );
    assert.equal(timeline.at('baseline', 1), 2);
  });

  it('finds the epoch at a place of each axis', () => {
    for (const axis of ['epoch', 'step', 'time'] as const) {
      const timeline = new Timeline(axis, [student, baseline]);
      for (const epoch of [0, 0.5, 1.5, 3, 8]) {
        const found = timeline.epochAt('student', timeline.at('student', epoch));
        assert.ok(Math.abs(found - epoch) < 1e-9, `${axis} ${epoch}: ${found}`);
      }
    }
  });

  it('goes on at the mean pace beyond what is known', () => {
    assert.equal(new Timeline('time', [student]).at('student', 8), 50);
  });

  it('counts epochs where nothing else is known, and says so', () => {
    const untimed = { ...student, x: [], seconds: [] };
    assert.equal(hasTimes([untimed]), false);
    assert.equal(new Timeline('time', [untimed]).axis, 'epoch');
    assert.equal(new Timeline('time', [untimed]).at('student', 3), 3);
    assert.equal(new Timeline('step', [untimed]).axis, 'step');
    assert.equal(new Timeline('step', []).axis, 'epoch');
  });
});
