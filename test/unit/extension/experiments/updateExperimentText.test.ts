import assert from 'node:assert/strict';
import { parse } from 'jsonc-parser';
import { updateExperimentText } from '../../../../src/extension/experiments/updateExperimentText.ts';

describe('updateExperimentText', () => {
  it('keeps comments and layout of what did not change', () => {
    const text = '{\n  // the big one\n  "teacher": { "model": "a.onnx" },\n  "baseline": true\n}\n';
    const updated = updateExperimentText(text, { teacher: { model: 'a.onnx' }, baseline: false, device: 'cpu' });
    assert.match(updated, /\/\/ the big one\n {2}"teacher": { "model": "a.onnx" },/);
    assert.deepEqual(parse(updated), { teacher: { model: 'a.onnx' }, baseline: false, device: 'cpu' });
  });

  it('removes what is gone and writes a file that had nothing', () => {
    assert.deepEqual(parse(updateExperimentText('{"name": "x", "baseline": true}', { baseline: true })), {
      baseline: true,
    });
    assert.deepEqual(parse(updateExperimentText('', { name: 'x' })), { name: 'x' });
    assert.deepEqual(parse(updateExperimentText('{}\n', { name: 'x' })), { name: 'x' });
  });
});
