import assert from 'node:assert/strict';
import { panelTabs } from '../../../../src/extension/panel/panelTabs.ts';
import { KeptTabs, type OpenTab } from '../../../../src/extension/views/keptTabs.ts';
import type { PanelState } from '../../../../src/protocol/panel.ts';
import { memento } from '../../../support/memento.ts';

const draft = { teacher: 'teacher.onnx' };
const ofFile: OpenTab<PanelState> = {
  title: 'Distill: digits',
  state: { draft, baseDirectory: '/data', file: '/data/digits.distill.json', runFolder: '/data/runs/1' },
};
const unsaved: OpenTab<PanelState> = { title: 'Distill a Model', state: { draft: {}, baseDirectory: '/data' } };

/** A window that remembers these panels. */
function remember(memory: ReturnType<typeof memento>, panels: readonly OpenTab<PanelState>[]): void {
  const tabs = new KeptTabs(memory, panelTabs);
  for (const panel of panels) tabs.remember(panel);
}

describe('the tabs of panels', () => {
  it('gives a panel of an earlier window its state when its webview kept none, once', () => {
    const kept = memento();
    remember(kept, [ofFile, unsaved]);
    const panels = new KeptTabs(kept, panelTabs);
    assert.deepEqual(panels.take('Distill: digits', undefined), ofFile.state);
    assert.equal(panels.take('Distill: digits', undefined), undefined);
    assert.deepEqual(panels.take('Distill a Model', undefined), unsaved.state);
  });

  it('knows of a run that was started after the webview had been kept', () => {
    const kept = memento();
    const { runFolder, ...before } = ofFile.state;
    const started = { draft, baseDirectory: '/data', runFolder: '/data/runs/2' };
    remember(kept, [ofFile, { title: 'Distill: teacher', state: started }]);
    const panels = new KeptTabs(kept, panelTabs);
    assert.equal(panels.take('Distill: digits', before)?.runFolder, runFolder);
    assert.equal(panels.take('Distill a Model', { draft, baseDirectory: '/data' })?.runFolder, '/data/runs/2');
  });

  it('leaves a webview what it kept of an experiment that the window does not know', () => {
    const kept = memento();
    remember(kept, [ofFile]);
    const other = { draft: { teacher: 'other.onnx' }, baseDirectory: '/data' };
    assert.deepEqual(new KeptTabs(kept, panelTabs).take('Distill: digits', other), other);
  });

  it('keeps panels whose tabs have not been shown again', () => {
    const kept = memento();
    remember(kept, [ofFile, unsaved]);
    const second = new KeptTabs(kept, panelTabs);
    second.take('Distill a Model', undefined);
    second.remember(unsaved);
    assert.deepEqual(new KeptTabs(kept, panelTabs).take('Distill: digits', undefined), ofFile.state);
  });

  it('tells which panels wait to be shown again, the newest first', () => {
    const kept = memento();
    remember(kept, [ofFile, unsaved]);
    const panels = new KeptTabs(kept, panelTabs);
    assert.deepEqual(panels.waiting(), [unsaved, ofFile]);
    panels.take(unsaved.title, unsaved.state);
    assert.deepEqual(panels.waiting(), [ofFile]);
  });

  it('ignores what is of another shape', () => {
    const kept = memento();
    void kept.update('distillery.panels', [{ title: 1 }]);
    assert.equal(new KeptTabs(kept, panelTabs).take('Distill: digits', undefined), undefined);
  });
});
