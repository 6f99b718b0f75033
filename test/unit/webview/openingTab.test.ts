import assert from 'node:assert/strict';
import { openingTab } from '../../../webview/run/openingTab.ts';
import { sampleReport } from '../../support/sampleReport.ts';

describe('openingTab', () => {
  it('is where there is the most to see of a run', () => {
    assert.equal(openingTab({ id: 'a', state: 'running' }, undefined), 'train');
    assert.equal(openingTab({ id: 'a', state: 'finished', report: sampleReport }, undefined), 'report');
    assert.equal(openingTab({ id: 'a', state: 'cancelled', report: sampleReport }, undefined), 'train');
    assert.equal(openingTab({ id: 'a', state: 'failed' }, undefined), 'train');
  });

  it('is the one that was chosen for this run, not for another', () => {
    const run = { id: 'a', state: 'finished', report: sampleReport } as const;
    assert.equal(openingTab(run, { id: 'configure', run: 'a' }), 'configure');
    assert.equal(openingTab(run, { id: 'configure', run: 'b' }), 'report');
  });
});
