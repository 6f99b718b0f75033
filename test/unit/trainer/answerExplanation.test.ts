import assert from 'node:assert/strict';
import { join, sep } from 'node:path';
import { BadInputError } from '../../../src/errors.ts';
import type { ExplainedRun } from '../../../src/explain/explainRun.ts';
import { answerExplanation } from '../../../src/trainer/answerExplanation.ts';

const { signal } = new AbortController();
const folder = join(sep, 'work', '.distillery', 'runs', 'a');

const network = (contributions: readonly number[], says: readonly number[]) => ({
  contributions: Float32Array.from(contributions),
  says,
});

/** Two numbers a sample, of which the second contributes most. */
const explained: ExplainedRun = {
  told: { kind: 'probabilities', names: ['cat', 'dog'] },
  method: 'occlusion',
  sampleShape: [2],
  features: ['age', 'weight'],
  explanations: [
    {
      sample: 4,
      values: Float32Array.of(1, 2),
      words: undefined,
      truth: ['dog'],
      explained: 'dog',
      teacher: network([0.5, -2], [0.25, 0.75]),
      student: network([0.25, 1], [0.5, 0.5]),
      correlation: -1,
    },
  ],
};

describe('answerExplanation', () => {
  it('explains the sample of a run whose paths start beside .distillery, with its figures written out', async () => {
    const question = JSON.stringify({ folder, sample: 4, output: 'dog' });
    const answer = await answerExplanation(question, signal, (run, { baseDirectory, samples, wish }) => {
      assert.deepEqual([run, baseDirectory, samples(10), wish.output], [folder, join(sep, 'work'), [4], 'dog']);
      return Promise.resolve(explained);
    });
    assert.deepEqual(answer, {
      kind: 'explained',
      explanation: {
        sample: 4,
        truth: ['dog'],
        explained: 'dog',
        correlation: -1,
        method: 'occlusion',
        says: {
          kind: 'probabilities',
          rows: [
            { name: 'cat', teacher: '25.00 %', student: '50.00 %' },
            { name: 'dog', teacher: '75.00 %', student: '50.00 %' },
          ],
        },
        pictures: null,
        strongest: [
          { name: 'weight', teacher: '−2.000', student: '1.000' },
          { name: 'age', teacher: '0.5000', student: '0.2500' },
        ],
      },
    });
  });

  it('answers with what is wrong', async () => {
    const problems = [{ where: 'explain', message: 'There is no test sample 99.' }];
    const question = JSON.stringify({ folder, sample: 99 });
    assert.deepEqual(await answerExplanation(question, signal, () => Promise.reject(new BadInputError(problems))), {
      kind: 'refused',
      problems,
    });
    const never = (): never => assert.fail('it was asked');
    for (const text of ['', '{}', JSON.stringify({ folder, sample: -1 }), JSON.stringify({ folder, sample: 0.5 })]) {
      assert.equal((await answerExplanation(text, signal, never)).kind, 'refused');
    }
  });
});
