import assert from 'node:assert/strict';
import { BadInputError } from '../../../../src/errors.ts';
import { listFeaturePairs } from '../../../../src/preflight/inspection/listFeaturePairs.ts';

const options = { baseDirectory: '.', signal: new AbortController().signal };
const digits = { path: 'builtin:digits', limit: 200 };

describe('listFeaturePairs', () => {
  it('lists what both networks of an experiment have, and proposes pairs', async () => {
    const { student, teacher, pairs } = await listFeaturePairs(
      {
        teacher: { architecture: 'convnet', channels: [8, 16], training: { epochs: 1 } },
        dataset: digits,
        student: { architecture: 'convnet', channels: [4, 8] },
      },
      options,
    );
    for (const features of [student, teacher]) assert.ok(features.length > 3);
    const shapes = (of: typeof student): unknown[] =>
      of.filter(({ shape }) => shape.length === 4).map(({ shape }) => shape);
    assert.ok(shapes(student).length > 0 && shapes(teacher).length > 0);
    assert.ok(pairs.length >= 2);
    for (const pair of pairs) {
      const own = student.find(({ name }) => name === pair.student)!;
      const other = teacher.find(({ name }) => name === pair.teacher)!;
      assert.ok(own.lastOfStage && other.lastOfStage);
      assert.deepEqual(own.shape.slice(2), other.shape.slice(2), 'the same positions');
    }
  });

  it('does not mind an objective that is not done yet', async () => {
    const { pairs } = await listFeaturePairs(
      {
        teacher: { architecture: 'mlp', hidden: [32], training: { epochs: 1 } },
        dataset: digits,
        student: { architecture: 'mlp', hidden: [16] },
        objective: [{ loss: 'hint', student: '', teacher: '' }],
      },
      options,
    );
    assert.deepEqual(
      pairs.map(({ stage }) => stage),
      ['vectors'],
    );
  });

  it('knows the layers of a student that is the teacher with fewer channels', async () => {
    const { student, teacher, pairs } = await listFeaturePairs(
      {
        teacher: { architecture: 'convnet', channels: [8, 16], training: { epochs: 1 } },
        dataset: digits,
        student: { shrink: 0.5 },
      },
      options,
    );
    assert.deepEqual(
      student.map(({ stage }) => stage),
      teacher.map(({ stage }) => stage),
    );
    assert.ok(pairs.length > 0);
  });

  it('refuses an experiment without a teacher, and one that is wrong, naming the fields', async () => {
    const refused = (where: string) => (error: unknown) =>
      error instanceof BadInputError && error.problems.some((problem) => problem.where === where);
    const student = { architecture: 'mlp', hidden: [16] };
    await assert.rejects(listFeaturePairs({ teacher: null, dataset: digits, student }, options), refused('teacher'));
    await assert.rejects(
      listFeaturePairs({ teacher: { model: 'missing.onnx' }, dataset: digits, student }, options),
      refused('teacher.model'),
    );
    await assert.rejects(listFeaturePairs({ dataset: digits }, options), BadInputError);
  });
});
