import assert from 'node:assert/strict';
import { describeForm } from '../../../src/extension/form/describeForm.ts';
import { fieldAt, namedSettings } from '../../../webview/form/settingNames.ts';

describe('names of settings', () => {
  const fields = describeForm((text) => text).flatMap((section) => section.fields);

  it('are the labels of the form, and values as it shows them', () => {
    const change = {
      student: { hidden: [64, 32] },
      training: { epochs: 60 },
      augmentation: { shift: 2 },
      objective: [{ loss: 'kd', weight: 0.9 }, { loss: 'labels' }],
    };
    assert.deepEqual(
      namedSettings(fields, change).map(({ label, value }) => `${label}: ${value}`),
      ['Hidden units: 64, 32', 'Epochs: 60', 'Shift: 2', 'Objective: Distillation (KD) + Labels: cross-entropy'],
    );
  });

  it('say what it means that there is no teacher', () => {
    assert.deepEqual(namedSettings(fields, { teacher: null }), [
      { label: 'Kind of teacher', value: 'None: learn from the labels alone' },
    ]);
  });

  it('are keys where the form has no such field', () => {
    assert.deepEqual(namedSettings(fields, { futuristic: { knob: 3 } }), [{ label: 'futuristic.knob', value: '3' }]);
    assert.equal(fieldAt(fields, ['student', 'nonsense']), undefined);
  });
});
