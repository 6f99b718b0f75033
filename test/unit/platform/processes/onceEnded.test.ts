import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { onceEnded } from '../../../../src/platform/processes/onceEnded.ts';

/** What is heard of a process whose events come in this order. */
function heard(events: readonly ('message' | 'exit' | 'disconnect')[]): readonly string[] {
  const told: string[] = [];
  const child = Object.assign(new EventEmitter(), { connected: true });
  child.once('message', () => told.push('message'));
  onceEnded(child as unknown as ChildProcess, (code, signal) => {
    told.push(`ended ${code} ${signal}`);
  });
  for (const event of events) {
    if (event === 'disconnect') child.connected = false;
    child.emit(event, ...(event === 'exit' ? [0, null] : []));
  }
  return told;
}

describe('onceEnded', () => {
  it('hears what a process sent before it hears of its end, though its exit is noticed first', () => {
    assert.deepEqual(heard(['exit', 'message', 'disconnect']), ['message', 'ended 0 null']);
    assert.deepEqual(heard(['message', 'exit', 'disconnect']), ['message', 'ended 0 null']);
    assert.deepEqual(heard(['message', 'disconnect', 'exit']), ['message', 'ended 0 null']);
  });

  it('hears of the end of a process that said nothing', () => {
    assert.deepEqual(heard(['exit', 'disconnect']), ['ended 0 null']);
    assert.deepEqual(heard(['disconnect', 'exit']), ['ended 0 null']);
    assert.deepEqual(heard(['exit']), []);
  });
});
