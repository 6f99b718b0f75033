import assert from 'node:assert/strict';
import { parseExperiment } from '../../../src/experiment/parseExperiment.ts';
import { settleExperiment } from '../../../src/experiment/settleExperiment.ts';
import { usualObjective } from '../../../src/objectives/chooseObjective.ts';
import { advisedExperiment } from '../../../src/run/advisedExperiment.ts';
import type { Run } from '../../../src/run/run.ts';

/** What advice knows of a run on 300 images, or so many, with a training as its file says. */
function advised(training: object, count = 300, said: object = {}) {
  const written = parseExperiment({
    teacher: { model: 'teacher.onnx' },
    dataset: { path: 'data' },
    student: { architecture: 'mlp', hidden: [8] },
    training,
    ...said,
  });
  const dataset = {
    task: { kind: 'classification' },
    training: { count },
    samples: { kind: 'values' },
    sampleShape: [1, 28, 28],
  };
  const objective = usualObjective('classification', true);
  const experiment = settleExperiment(written, { training: { count } });
  return advisedExperiment({ written, experiment, prepared: { dataset, objective } as unknown as Run['prepared'] });
}

describe('what advice knows of an experiment', () => {
  it('compares steps, not epochs, with those that a run would plan', () => {
    assert.equal(advised({}).length, 'auto');
    // 40 epochs of 6 batches; a run plans 3,000 steps.
    assert.equal(advised({ epochs: 40, batchSize: 50 }).length, 'fewer');
    assert.equal(advised({ epochs: 600, batchSize: 50 }).length, 'more');
    assert.equal(advised({ epochs: 60, batchSize: 5 }).length, 'more');
    // Of 54,000 samples 40 epochs are more than the 12,000 steps that a run plans at most.
    assert.equal(advised({ epochs: 40 }, 54_000).length, 'more');
  });

  it('knows images by their shape', () => {
    assert.equal(advised({}).isImages, true);
    assert.equal(advised({}).isAugmented, false);
    assert.equal(advised({ epochs: 40 }).epochs, 40);
  });

  it('has the student learn as its baseline did, by a file that is not refused', () => {
    const labels = { objective: [{ loss: 'labels', weight: 1, smoothing: 0 }] };
    assert.deepEqual(advised({}).withoutTeaching, labels);
    assert.deepEqual(advised({}, 300, { student: { shrink: 0.5 } }).withoutTeaching, labels, 'its teacher stays');
    // Samples that nobody labels are refused, and a change of values cannot take their field away.
    const more = { dataset: { path: 'data', unlabelled: 'more' } };
    assert.equal(advised({}, 300, more).withoutTeaching, null);
  });
});
