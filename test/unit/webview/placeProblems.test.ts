import assert from 'node:assert/strict';
import { placeProblems } from '../../../webview/form/placeProblems.ts';

describe('placeProblems', () => {
  const known = new Set(['student.hidden', 'objective', 'objective[1]', 'objective[1].loss', 'objective[1].weight']);

  it('says a problem of the second element of a list at that element, not at the first field of it', () => {
    const placed = placeProblems([{ where: 'objective[1]', message: 'is too much' }], known);
    assert.deepEqual([...placed], [['objective[1]', 'is too much']]);
  });

  it('names the value of a list of numbers that is meant', () => {
    const placed = placeProblems([{ where: 'student.hidden[1]', message: 'must be at least 1' }], known);
    assert.deepEqual([...placed], [['student.hidden', 'value 2: must be at least 1']]);
  });

  it('says everything that is wrong with a field', () => {
    const problems = ['is a', 'is b'].map((message) => ({ where: 'objective[1].weight', message }));
    assert.equal(placeProblems(problems, known).get('objective[1].weight'), 'is a\nis b');
  });
});
