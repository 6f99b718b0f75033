import assert from 'node:assert/strict';
import { lastDuration, lastRun } from '../../../src/launching/lastDuration.ts';
import type { StoredRun } from '../../../src/launching/readRun.ts';

describe('lastDuration', () => {
  const run = (name: string, change: Partial<StoredRun['status']>): Pick<StoredRun, 'status'> => ({
    status: {
      id: name,
      name,
      state: 'finished',
      startedAt: '2026-01-01T10:00:00.000Z',
      endedAt: '2026-01-01T10:00:40.000Z',
      progress: 1,
      ...change,
    },
  });

  it('is that of the newest run of the name that was finished in one go', () => {
    const older = run('a', { endedAt: '2026-01-01T10:09:00.000Z' });
    assert.equal(lastDuration([run('b', {}), run('a', { state: 'cancelled' }), run('a', {}), older], 'a'), 40);
    assert.equal(lastDuration([run('a', { resumedAt: '2026-01-01T10:00:30.000Z' })], 'a'), undefined);
    assert.equal(lastDuration([run('b', {})], 'a'), undefined);
  });

  it('may be of an older run than the last one', () => {
    const stopped = run('a', { state: 'cancelled' });
    assert.equal(lastRun([run('b', {}), stopped, run('a', {})], 'a'), stopped);
    assert.equal(lastRun([run('b', {})], undefined), undefined);
  });
});
