import assert from 'node:assert/strict';
import { describeForm } from '../../../src/extension/form/describeForm.ts';
import { summarizeSection } from '../../../webview/form/summarizeSection.ts';

describe('summarizeSection', () => {
  const draft = {
    name: 'an experiment',
    dataset: { path: 'data/mnist' },
    student: { architecture: 'mlp', hidden: [16] },
    augmentation: { shift: 2, flip: true },
  };

  const sections = describeForm((text) => text);
  const summaryOf = (id: string, of: object = draft): string =>
    summarizeSection(id, sections.find((section) => section.id === id)?.fields ?? [], of as typeof draft);

  it('says what is chosen in a section, and nothing of another one', () => {
    assert.equal(summaryOf('dataset'), 'data/mnist');
    assert.equal(summaryOf('run'), 'an experiment');
    assert.equal(summaryOf('augmentation', { name: 'an experiment' }), '');
  });

  it("says it in the form's words, not in those of the file", () => {
    assert.equal(summaryOf('student'), 'MLP: dense layers · 16');
    assert.equal(summaryOf('student', { student: { architecture: 'decision-tree' } }), 'Decision tree');
    assert.equal(summaryOf('augmentation'), 'Shift, Flip');
    assert.equal(summaryOf('training', { training: { optimizer: 'adamw', epochs: 3 } }), 'AdamW, 3 epochs');
    const objective = [{ loss: 'kd', weight: 0.9 }, { loss: 'labels' }];
    assert.equal(summaryOf('objective', { objective }), '0.9 Distillation (KD) + Labels: cross-entropy');
  });
});
