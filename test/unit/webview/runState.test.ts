import assert from 'node:assert/strict';
import { describeEnd, describePosition, describeState } from '../../../webview/run/runState.ts';

describe('what the panel says of a run', () => {
  it('is its phase, that it waits, or that nothing is heard of it and what can be done', () => {
    assert.match(describeState({ state: 'running', phase: 'student' }), /Training the student/);
    assert.equal(describeState({ state: 'running', phase: 'student', pause: 'held' }), 'Paused');
    assert.match(describeState({ state: 'running', phase: 'student', isSilent: true }), /No sign of life.*Stop/);
  });

  it('is when it ended and how long it took, in the language of the page', () => {
    const run = { startedAt: '2026-02-03T04:05:06.000Z', endedAt: '2026-02-03T04:07:06.000Z' };
    assert.match(describeEnd(run, 'en'), /^Feb 3, 2026, .* · took 2 min/);
    assert.match(describeEnd(run, 'zh-cn'), /^2026年2月3日/);
    assert.equal(describeEnd({ startedAt: run.startedAt }, 'en'), '');
  });

  it('is written with numbers that can be read', () => {
    const position = { network: 'student', step: 1, steps: 2, epoch: 1234, epochs: 5000 } as const;
    const speeds = { learningRate: 0.1, samplesPerSecond: 90_000, secondsLeft: 3 };
    assert.match(describePosition({ ...position, ...speeds }), /epoch 1,234 of 5,000 · 90,000 samples/);
  });
});
