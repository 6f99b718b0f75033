import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { afterDeletion, afterMove } from '../../../../src/extension/experiments/movedFiles.ts';
import type { PanelState } from '../../../../src/protocol/panel.ts';

const home = resolve('/home');
const at = (...names: string[]): string => join(home, ...names);
const state: PanelState = {
  draft: { teacher: { model: 'models/teacher.onnx' }, dataset: { path: 'builtin:digits' } },
  baseDirectory: home,
  file: at('one.distill.json'),
};

describe('an open experiment whose files are moved', () => {
  it('is that of the file that was renamed', () => {
    const now = afterMove(state, [{ from: at('one.distill.json'), to: at('two.distill.json') }]);
    assert.deepEqual(now, { ...state, file: at('two.distill.json') });
  });

  it('names its model where it is now, and from where its own file is', () => {
    assert.deepEqual(afterMove(state, [{ from: at('models'), to: at('teachers') }]).draft['teacher'], {
      model: 'teachers/teacher.onnx',
    });
    const moved = afterMove(state, [{ from: at('one.distill.json'), to: at('models', 'one.distill.json') }]);
    assert.equal(moved.baseDirectory, at('models'));
    assert.deepEqual(moved.draft, { teacher: { model: 'teacher.onnx' }, dataset: { path: 'builtin:digits' } });
  });

  it('names nothing else where the folder of all is moved', () => {
    const now = afterMove({ ...state, runFolder: at('.distillery', 'runs', 'a') }, [
      { from: home, to: resolve('/new') },
    ]);
    assert.deepEqual(now, {
      draft: state.draft,
      baseDirectory: resolve('/new'),
      file: join(resolve('/new'), 'one.distill.json'),
      runFolder: join(resolve('/new'), '.distillery', 'runs', 'a'),
    });
  });

  it('stays as it is where others are moved or deleted, also of a name that begins alike', () => {
    assert.equal(afterMove(state, [{ from: at('mod'), to: at('x') }]), state);
    assert.equal(afterDeletion(state, [at('one.distill')]), state);
  });

  it('is one that is not saved yet when its file is deleted, alone or with its folder', () => {
    const { file: _file, ...unsaved } = state;
    assert.deepEqual(afterDeletion(state, [at('one.distill.json')]), unsaved);
    assert.deepEqual(afterDeletion(state, [home]), unsaved);
  });
});
