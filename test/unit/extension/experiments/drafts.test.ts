import assert from 'node:assert/strict';
import { join } from 'node:path';
import {
  draftWithTeacher,
  emptyDraft,
  nameOf,
  rebasePaths,
  toExperimentPath,
} from '../../../../src/extension/experiments/drafts.ts';

describe('toExperimentPath', () => {
  const base = join('/', 'home', 'me', 'project');

  it('is relative with slashes below the base directory, and absolute elsewhere', () => {
    assert.equal(toExperimentPath(base, join(base, 'models', 'a.onnx')), 'models/a.onnx');
    assert.equal(toExperimentPath(base, base), '.');
    const elsewhere = join('/', 'home', 'me', 'other', 'a.onnx');
    assert.equal(toExperimentPath(base, elsewhere), elsewhere);
  });
});

describe('rebasePaths', () => {
  it('keeps the meaning of relative paths and leaves built-in data alone', () => {
    const from = join('/', 'w', 'experiments');
    const to = join('/', 'w');
    const draft = { ...draftWithTeacher('a.onnx'), dataset: { path: 'builtin:digits', limit: 5 } };
    assert.deepEqual(rebasePaths(draft, from, to), {
      ...draft,
      teacher: { model: 'experiments/a.onnx' },
    });
    assert.deepEqual(rebasePaths(rebasePaths(draft, from, to), to, from), draft);
  });

  it('rewrites every teacher of an ensemble', () => {
    const draft = { ...emptyDraft(), teacher: { ensemble: [{ model: 'a.onnx' }, { model: 'b.onnx', weight: 2 }] } };
    assert.deepEqual(rebasePaths(draft, join('/', 'w', 'experiments'), join('/', 'w'))['teacher'], {
      ensemble: [{ model: 'experiments/a.onnx' }, { model: 'experiments/b.onnx', weight: 2 }],
    });
  });

  it('rewrites samples without labels and the folder of the cache', () => {
    const draft = { ...emptyDraft(), dataset: { path: 'd', unlabelled: ['u', '../v'] }, cache: { folder: 'c' } };
    const { dataset, cache } = rebasePaths(draft, join('/', 'w', 'experiments'), join('/', 'w'));
    assert.deepEqual(dataset, { path: 'experiments/d', unlabelled: ['experiments/u', 'v'] });
    assert.deepEqual(cache, { folder: 'experiments/c' });
  });

  it('does not touch a teacher without a file', () => {
    const draft = { ...emptyDraft(), teacher: null };
    assert.deepEqual(rebasePaths(draft, join('/', 'a'), join('/', 'b')), draft);
  });
});

describe('nameOf', () => {
  it('prefers the name, then the file, the teacher and the dataset', () => {
    const draft = { ...draftWithTeacher('models/net.onnx'), dataset: { path: 'builtin:digits' } };
    assert.equal(nameOf({ ...draft, name: 'mine' }, '/w/other.distill.json'), 'mine');
    assert.equal(nameOf(draft, join('/', 'w', 'other.distill.json')), 'other');
    assert.equal(nameOf(draft, undefined), 'net');
    assert.equal(nameOf({ ...draft, teacher: null }, undefined), 'digits');
    assert.equal(nameOf(emptyDraft(), undefined), undefined);
  });
});
