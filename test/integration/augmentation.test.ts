import assert from 'node:assert/strict';
import { openSessions } from '../../src/training/engines/session.ts';
import { removeRuns, run, tinyExperiment } from '../support/runs.ts';

describe('a run whose samples change at random', () => {
  after(removeRuns);

  it('asks the teacher about every batch, learns, and ends with nothing open', async () => {
    const before = openSessions();
    const { result, events } = await run({
      ...tinyExperiment,
      teacher: { architecture: 'mlp', hidden: [64], training: { epochs: 3 } },
      objective: [{ loss: 'kd', target: 'rank-weighted', temperature: 1, weight: 0.5 }, { loss: 'kd' }],
      training: { epochs: 8, batchSize: 50, learningRate: 0.005 },
      augmentation: { shift: 1, rotate: 5, mixup: 0.2 },
    });
    assert.equal(result.state, 'finished');
    assert.ok(result.report.student.test.accuracy! > 0.5, `accuracy ${result.report.student.test.accuracy!}`);
    assert.ok(events.some((event) => event.kind === 'teacher'));
    assert.equal(openSessions(), before);
  });

  it('gives the same student for the same seed', async () => {
    const once = async (): Promise<unknown> => {
      const { result } = await run({ ...tinyExperiment, augmentation: { shift: 2, cutmix: 1 }, baseline: false });
      assert.equal(result.state, 'finished');
      return result.report.student.test;
    };
    assert.deepEqual(await once(), await once());
  });
});
