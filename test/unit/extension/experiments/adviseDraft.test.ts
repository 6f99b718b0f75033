import assert from 'node:assert/strict';
import { join } from 'node:path';
import { parseExperiment } from '../../../../src/experiment/parseExperiment.ts';
import { adviseDraft } from '../../../../src/extension/experiments/adviseDraft.ts';
import type { ExperimentDraft } from '../../../../src/protocol/panel.ts';

const workspace = join('/', 'w');
const baseDirectory = join(workspace, 'experiments');
const draft = {
  teacher: { model: '../a.onnx' },
  dataset: { path: 'builtin:digits' },
  student: { architecture: 'mlp', hidden: [8] },
};
/** As a run writes it: with a name, every default, and paths from the workspace folder. */
const ran = parseExperiment({ ...draft, name: 'a', teacher: { model: 'a.onnx' } }) as unknown as ExperimentDraft;
const change = { student: { hidden: [16] } };

describe('adviseDraft', () => {
  it('changes the draft itself where that is what was run, which is shorter', () => {
    const advised = adviseDraft(
      { draft: { ...draft, teacher: { model: join(workspace, 'a.onnx') } }, baseDirectory },
      { ran, baseDirectory: workspace },
      change,
    );
    assert.deepEqual(advised.draft, {
      ...draft,
      teacher: { model: join(workspace, 'a.onnx') },
      student: { architecture: 'mlp', hidden: [16] },
    });
    assert.deepEqual(advised.changed, [{ path: ['student', 'hidden'], before: [8] }]);
  });

  it('changes what was run where the draft was edited since, with paths that mean the same from here', () => {
    const edited = { ...draft, student: { architecture: 'convnet', channels: [4] } };
    const advised = adviseDraft({ draft: edited, baseDirectory }, { ran, baseDirectory: workspace }, change).draft;
    assert.deepEqual(advised['teacher'], { model: join(workspace, 'a.onnx') });
    assert.deepEqual(advised['student'], { ...(ran['student'] as object), hidden: [16] });
    assert.doesNotThrow(() => parseExperiment(advised));
  });

  it('changes what was run where the draft is no experiment any more', () => {
    const advised = adviseDraft(
      { draft: { student: 3 }, baseDirectory: workspace },
      { ran, baseDirectory: workspace },
      { teacher: null },
    );
    assert.deepEqual([advised.draft['teacher'], advised.draft['dataset']], [null, ran['dataset']]);
  });
});
