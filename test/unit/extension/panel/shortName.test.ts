import assert from 'node:assert/strict';
import { shortName } from '../../../../src/extension/panel/shortName.ts';

describe('what tells a run from others of its experiment', () => {
  const details = { marks: {}, isResumable: false, hasStudent: true, hasReport: true, models: [] };
  const status = { id: 'a', name: 'a', state: 'finished', startedAt: '2026-02-03T12:05:06.000Z', progress: 1 } as const;

  it('is its name, the time of one of today, or the day', () => {
    const began = new Date(status.startedAt);
    const later = new Date(began.getTime() + 3 * 86_400_000);
    assert.equal(shortName({ status, details: { ...details, marks: { name: 'best' } } }, 'en', began), 'best');
    assert.match(shortName({ status, details }, 'en', began), /^\d+:05/);
    assert.equal(shortName({ status, details }, 'en', later), 'Feb 3, 2026');
  });
});
