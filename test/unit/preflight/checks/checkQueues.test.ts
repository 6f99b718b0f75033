import assert from 'node:assert/strict';
import { parseExperiment } from '../../../../src/experiment/parseExperiment.ts';
import { checkQueues } from '../../../../src/preflight/checks/checkQueues.ts';
import { usualTerms } from '../../objectives/losses/terms.ts';

function problemsOf(rounds: unknown): string[] {
  const experiment = parseExperiment({
    teacher: { model: 'teacher.onnx' },
    dataset: { path: 'data' },
    student: { architecture: 'mlp' },
    rounds,
  });
  const { labels, contrastive, 'queue-similarity': similarity } = usualTerms;
  const objective = [labels, contrastive, { ...contrastive, queue: 8 }, similarity];
  return checkQueues(experiment, objective).map(({ where, message }) => `${where}: ${message}`);
}

describe('check of queues', () => {
  it('keeps features of the samples of a site from leaving it', () => {
    const message =
      "A queue holds the teacher's features of a site's samples, and would leave the site with its weights.";
    assert.deepEqual(problemsOf({ sites: [{ dataset: { path: 'a' } }, { dataset: { path: 'b' } }] }), [
      `objective[2].queue: ${message}`,
      `objective[3].queue: ${message}`,
    ]);
  });

  it('lets workers that share the samples have one each', () => {
    assert.deepEqual(problemsOf({ workers: 2 }), []);
    assert.deepEqual(problemsOf(undefined), []);
  });
});
