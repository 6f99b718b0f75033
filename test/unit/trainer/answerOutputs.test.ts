import assert from 'node:assert/strict';
import { BadInputError } from '../../../src/errors.ts';
import type { ForecastOutputs } from '../../../src/preflight/teacherOutputs/forecastOutputs.ts';
import { answerOutputs } from '../../../src/trainer/answerOutputs.ts';

const { signal } = new AbortController();
const question = JSON.stringify({ experiment: { a: 1 }, baseDirectory: '/somewhere', cacheFolder: '/cache' });
const nothing = { student: [], teacher: [], pairs: [] };

describe('answerOutputs', () => {
  it('hands the experiment on and answers with what its outputs take, all together', async () => {
    const file = { teacher: 't.onnx', split: 'training', view: undefined } as const;
    const outputs: ForecastOutputs = {
      asked: 'views',
      held: 'on-disk',
      heldBytes: 12,
      folder: '/cache',
      files: [
        { ...file, bytes: 2, isThere: true },
        { ...file, bytes: 3, isThere: false },
      ],
    };
    const answer = await answerOutputs(question, signal, (experiment, { baseDirectory, cacheFolder }) => {
      assert.deepEqual([experiment, baseDirectory, cacheFolder], [{ a: 1 }, '/somewhere', '/cache']);
      return Promise.resolve({ ...nothing, outputs });
    });
    const sizes = { stored: 5, there: 2, held: { where: 'on-disk', bytes: 12 } };
    assert.deepEqual(answer, { kind: 'foreseen', sizes });
  });

  it('answers that nothing is known, and with the problems of an experiment', async () => {
    const unknown = await answerOutputs(question, signal, () => Promise.resolve({ ...nothing, outputs: undefined }));
    assert.deepEqual(unknown, { kind: 'foreseen', sizes: null });
    const problems = [{ where: 'teacher.model', message: 'there is no such file' }];
    assert.deepEqual(await answerOutputs(question, signal, () => Promise.reject(new BadInputError(problems))), {
      kind: 'refused',
      problems,
    });
    const never = (): never => assert.fail('it was asked');
    assert.equal((await answerOutputs('{}', signal, never)).kind, 'refused');
  });
});
