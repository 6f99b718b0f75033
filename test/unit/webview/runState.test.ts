import assert from 'node:assert/strict';
import { describeState } from '../../../webview/run/runState.ts';

describe('what the panel says of a run', () => {
  it('is its phase, that it waits, or that nothing is heard of it and what can be done', () => {
    assert.match(describeState({ state: 'running', phase: 'student' }), /Training the student/);
    assert.equal(describeState({ state: 'running', phase: 'student', pause: 'held' }), 'Paused');
    assert.match(describeState({ state: 'running', phase: 'student', isSilent: true }), /No sign of life.*Stop/);
  });
});
