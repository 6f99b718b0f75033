import assert from 'node:assert/strict';
import { BadInputError } from '../../src/errors.ts';
import { removeRuns, run } from '../support/runs.ts';

describe('a transfer set without some classes', () => {
  after(removeRuns);

  it('teaches them all the same, once their bias is corrected', async () => {
    const { result } = await run({
      teacher: { architecture: 'mlp', hidden: [64], training: { epochs: 4 } },
      dataset: { path: 'builtin:digits', limit: 3000, exclude: ['3'] },
      student: { architecture: 'mlp', hidden: [64] },
      objective: [{ loss: 'kd', temperature: 8, weight: 1 }],
      training: { epochs: 12, batchSize: 50, learningRate: 0.003 },
      device: 'cpu',
    });
    assert.equal(result.state, 'finished');
    const { student, baseline } = result.report;
    assert.deepEqual(
      student.corrections.map((correction) => correction.class),
      ['3'],
    );
    assert.ok(student.corrections[0]!.offset > 0);
    const [distilled, alone] = [student.test.perClass[3] ?? 0, baseline?.test.perClass[3] ?? 0];
    console.log(`      recall of the class never seen: ${distilled}, without the teacher ${alone}`);
    assert.ok(distilled > 0.6 && distilled > alone);
  });

  it('is refused when there is no such class', async () => {
    const experiment = {
      teacher: null,
      dataset: { path: 'builtin:digits', exclude: ['x', '1'] },
      student: { architecture: 'mlp' },
      device: 'cpu',
    } as const;
    await assert.rejects(run({ ...experiment, dataset: { ...experiment.dataset, exclude: ['x', '1'] } }), (error) => {
      assert.ok(error instanceof BadInputError);
      assert.deepEqual(
        error.problems.map(({ where, message }) => `${where}: ${message}`),
        ["dataset.exclude[0]: The dataset has no class 'x'."],
      );
      return true;
    });
  });
});
