import assert from 'node:assert/strict';
import { useTranslations } from '../../../webview/l10n.ts';
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

  it('says it in the language of the page, behind the value that is meant, too', () => {
    useTranslations({ 'Give samples of every class.': '请提供每个类别的样本。', 'value {0}: {1}': '第 {0} 个值：{1}' });
    try {
      const problems = ['student.hidden[1]', 'objective[1].weight'].map((where) => ({
        where,
        message: 'Give samples of every class.',
      }));
      assert.deepEqual(
        [...placeProblems(problems, known).values()],
        ['第 2 个值：请提供每个类别的样本。', '请提供每个类别的样本。'],
      );
    } finally {
      useTranslations({});
    }
  });

  it('says everything that is wrong with a field', () => {
    const problems = ['is a', 'is b'].map((message) => ({ where: 'objective[1].weight', message }));
    assert.equal(placeProblems(problems, known).get('objective[1].weight'), 'is a\nis b');
  });
});
