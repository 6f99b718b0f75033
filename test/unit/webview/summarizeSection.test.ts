import assert from 'node:assert/strict';
import { summarizeSection } from '../../../webview/form/summarizeSection.ts';

describe('summarizeSection', () => {
  const draft = {
    name: 'an experiment',
    dataset: { path: 'data/mnist' },
    student: { architecture: 'mlp', hidden: [16] },
    augmentation: { shift: 2, flip: true },
  };

  it('says what is chosen in a section, and nothing of another one', () => {
    assert.equal(summarizeSection('dataset', draft), 'data/mnist');
    assert.equal(summarizeSection('student', draft), 'mlp 16');
    assert.equal(summarizeSection('run', draft), 'an experiment');
    assert.equal(summarizeSection('augmentation', draft), 'shift, flip');
    assert.equal(summarizeSection('augmentation', { name: 'an experiment' }), '');
  });
});
