import assert from 'node:assert/strict';
import { shortNames } from '../../../src/search/page/shortNames.ts';

describe('what searched fields are called where there is little room', () => {
  it('is the end of their paths, as long as it has to be', () => {
    const paths = ['training.learningRate', 'teacher.training.learningRate', 'student.hidden[0]', 'device'];
    assert.deepEqual(
      [...shortNames(paths).values()],
      ['training.learningRate', 'teacher.training.learningRate', 'hidden[0]', 'device'],
    );
    assert.deepEqual([...shortNames(['a.rate', 'b.rate', 'b.depth']).values()], ['a.rate', 'b.rate', 'depth']);
  });
});
