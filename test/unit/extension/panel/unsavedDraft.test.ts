import assert from 'node:assert/strict';
import { UnsavedDraft } from '../../../../src/extension/panel/unsavedDraft.ts';
import type { ExperimentDraft, PanelState } from '../../../../src/protocol/panel.ts';

const opened: PanelState = { draft: { teacher: { model: 'a.onnx' } }, baseDirectory: '/home' };
const edited: PanelState = { ...opened, draft: { teacher: { model: 'b.onnx' } } };
const noFile = (): Promise<ExperimentDraft> => Promise.reject(new Error('There is no such file.'));

describe('what is lost with a panel that is closed', () => {
  it('is nothing where nothing was changed', async () => {
    assert.equal(await new UnsavedDraft(opened).isLost(structuredClone(opened), noFile), false);
  });

  it('is what was changed and is in no file, also where that is gone', async () => {
    assert.equal(await new UnsavedDraft(opened).isLost(edited, noFile), true);
    assert.equal(await new UnsavedDraft(opened).isLost({ ...edited, file: '/home/gone.distill.json' }, noFile), true);
  });

  it('is nothing where neither a teacher nor data were chosen', async () => {
    const empty = new UnsavedDraft({ ...opened, draft: { teacher: { model: '' } } });
    assert.equal(await empty.isLost({ ...opened, draft: { student: { architecture: 'svm' } } }, noFile), false);
  });

  it('is nothing where the file or a run that was started has it', async () => {
    const file = '/home/b.distill.json';
    const read = (): Promise<ExperimentDraft> => Promise.resolve({ teacher: { model: 'b.onnx' } });
    assert.equal(await new UnsavedDraft(opened).isLost({ ...edited, file }, read), false);
    const unsaved = new UnsavedDraft(opened);
    unsaved.note({ ...edited, runFolder: '/runs/1' });
    assert.equal(await unsaved.isLost({ ...edited, runFolder: '/runs/1' }, noFile), false);
    assert.equal(await unsaved.isLost({ ...opened, runFolder: '/runs/1' }, noFile), true);
  });
});
