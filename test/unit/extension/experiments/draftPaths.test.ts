import assert from 'node:assert/strict';
import { pickedTexts, textAt, withText } from '../../../../src/extension/experiments/draftPaths.ts';

const draft = {
  teacher: { ensemble: [{ model: 'a.onnx' }, { model: '' }] },
  dataset: { path: 'data', tokenizer: 'tokenizer.json' },
};

describe('the paths of a draft', () => {
  it('lead to every text that names a file or a folder', () => {
    assert.deepEqual(pickedTexts(draft), [
      { path: 'teacher.ensemble[0].model', text: 'a.onnx' },
      { path: 'teacher.ensemble[1].model', text: '' },
      { path: 'dataset.path', text: 'data' },
      { path: 'dataset.tokenizer', text: 'tokenizer.json' },
    ]);
  });

  it('take a text into a list, and into an object that is not there yet', () => {
    const changed = withText(draft, 'teacher.ensemble[1].model', 'b.onnx');
    assert.deepEqual(changed['teacher'], { ensemble: [{ model: 'a.onnx' }, { model: 'b.onnx' }] });
    assert.equal(textAt(withText({}, 'student.model', 's.onnx'), 'student.model'), 's.onnx');
  });
});
