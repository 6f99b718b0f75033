import assert from 'node:assert/strict';
import { parsePanelState } from '../../../../src/extension/panel/panelTabs.ts';
import { parsePanelMessage } from '../../../../src/extension/panel/parsePanelMessage.ts';

describe('parsePanelMessage', () => {
  it('takes the messages of the panel and nothing else', () => {
    for (const kind of ['start', 'edit', 'listFeatures', 'forecastOutputs']) {
      const message = { kind, draft: { teacher: null } };
      assert.deepEqual(parsePanelMessage(message), message);
    }
    for (const message of [
      { kind: 'explain', sample: 3 } as const,
      { kind: 'explain', sample: 0, output: 'cat' } as const,
    ]) {
      assert.deepEqual(parsePanelMessage(message), message);
    }
    const advice = { kind: 'applyAdvice', change: { teacher: null, objective: 'auto' } } as const;
    assert.deepEqual(parsePanelMessage(advice), advice);
    assert.equal(parsePanelMessage({ kind: 'applyAdvice', change: 'rm' }), undefined);
    assert.deepEqual(parsePanelMessage({ kind: 'pause', isPaused: true }), { kind: 'pause', isPaused: true });
    assert.equal(parsePanelMessage({ kind: 'pause' }), undefined);
    assert.equal(parsePanelMessage({ kind: 'explain', sample: -1 }), undefined);
    const ranges = [{ network: 'student', from: 0.5, to: 2 }] as const;
    assert.deepEqual(parsePanelMessage({ kind: 'lookCloser', ranges }), { kind: 'lookCloser', ranges });
    assert.equal(parsePanelMessage({ kind: 'lookCloser', ranges: [{ network: 'other', from: 0, to: 1 }] }), undefined);
    const lines = [
      { kind: 'curve', label: 'total', network: 'student', curve: 'losses', term: 'total' },
      { kind: 'level', label: 'teacher', value: 0.9 },
    ] as const;
    const saved = { kind: 'saveCurves', name: 'loss', lines } as const;
    assert.deepEqual(parsePanelMessage(saved), saved);
    assert.equal(parsePanelMessage({ ...saved, name: '../loss' }), undefined);
    for (const wrong of [undefined, 'ready', { kind: 'shell' }, { kind: 'start' }, { kind: 'ready', and: 'more' }]) {
      assert.equal(parsePanelMessage(wrong), undefined);
    }
  });
});

describe('parsePanelState', () => {
  it('takes what the panel kept, beside how it was arranged', () => {
    const panel = { draft: { teacher: null }, baseDirectory: '/w', runFolder: '/w/.distillery/runs/a' };
    assert.deepEqual(parsePanelState({ panel, ui: {} }), panel);
  });

  it('takes nothing of another shape', () => {
    assert.equal(parsePanelState(undefined), undefined);
    assert.equal(parsePanelState({ panel: { draft: [] } }), undefined);
  });
});
