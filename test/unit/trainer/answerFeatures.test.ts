import assert from 'node:assert/strict';
import { BadInputError, DistilleryError } from '../../../src/errors.ts';
import { answerFeatures } from '../../../src/trainer/answerFeatures.ts';

const { signal } = new AbortController();
const question = JSON.stringify({ experiment: { a: 1 }, baseDirectory: '/somewhere' });
const choices = { student: [], teacher: [], pairs: [] };

describe('answerFeatures', () => {
  it('hands the experiment on and answers with what was found', async () => {
    const answer = await answerFeatures(question, signal, (experiment, { baseDirectory }) => {
      assert.deepEqual([experiment, baseDirectory], [{ a: 1 }, '/somewhere']);
      return Promise.resolve(choices);
    });
    assert.deepEqual(answer, { kind: 'listed', choices });
  });

  it('answers with the problems of an experiment, and with the words of any other error', async () => {
    const problems = [{ where: 'teacher.model', message: 'there is no such file' }];
    assert.deepEqual(await answerFeatures(question, signal, () => Promise.reject(new BadInputError(problems))), {
      kind: 'refused',
      problems,
    });
    const error = new DistilleryError('BAD_FILE', 'It is broken.', { hint: 'Mend it.' });
    assert.deepEqual(await answerFeatures(question, signal, () => Promise.reject(error)), {
      kind: 'refused',
      problems: [{ where: 'objective', message: 'It is broken.', hint: 'Mend it.' }],
    });
  });

  it('refuses what is no question', async () => {
    const never = (): never => assert.fail('it was asked');
    for (const text of ['', '{', '{}', JSON.stringify({ experiment: {}, baseDirectory: '' })]) {
      assert.equal((await answerFeatures(text, signal, never)).kind, 'refused');
    }
  });
});
