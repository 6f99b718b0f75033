import assert from 'node:assert/strict';
import { describeForm } from '../../../src/extension/form/describeForm.ts';
import { differingSettings } from '../../../webview/form/differingSettings.ts';

describe('differingSettings', () => {
  const fields = describeForm((text) => text).flatMap((section) => section.fields);
  const draft = { name: 'n', teacher: { model: 'a.onnx' }, dataset: { path: 'd' }, student: { architecture: 'mlp' } };

  it('is empty where only what everybody decides was decided', () => {
    const decided = { ...draft, training: { epochs: 5 }, objective: [{ loss: 'kd', temperature: 4, weight: 0.5 }] };
    assert.deepEqual(differingSettings(fields, decided), []);
  });

  it('names what has another value than by default, and nothing that has the default', () => {
    const changed = {
      ...draft,
      dataset: { path: 'd', test: 0.3 },
      objective: [
        { loss: 'kd', weight: 1 },
        { loss: 'labels', weight: 1, smoothing: 0.1 },
      ],
      training: { batchSize: 64, optimizer: 'adam', seed: 7 },
    };
    assert.deepEqual(
      differingSettings(fields, changed).map(({ path, value }) => [path, value]),
      [
        ['dataset.test', '0.3'],
        ['objective[1].smoothing', '0.1'],
        ['training.batchSize', '64'],
        ['training.seed', '7'],
      ],
    );
  });

  it('says values as the form does: choices by their label, switches as on and off', () => {
    const changed = { ...draft, baseline: false, training: { optimizer: 'sgd', schedule: 'one-cycle' } };
    assert.deepEqual(
      differingSettings(fields, changed).map(({ label, value }) => `${label}: ${value}`),
      ['Optimizer: SGD', 'Schedule: One cycle', 'Train a baseline too: off'],
    );
  });
});
