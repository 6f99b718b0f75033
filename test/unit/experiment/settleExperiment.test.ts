import assert from 'node:assert/strict';
import { parseExperiment } from '../../../src/experiment/parseExperiment.ts';
import { describeSettled, settleExperiment } from '../../../src/experiment/settleExperiment.ts';

describe('what an experiment leaves to the data', () => {
  const told = (training: object): string | undefined => {
    const written = parseExperiment({
      name: 'small',
      teacher: null,
      dataset: { path: 'builtin:digits' },
      student: { architecture: 'mlp' },
      training,
    });
    const settled = settleExperiment(written, { training: { count: 36 } });
    return describeSettled(written.training, settled.training, 'the student');
  };

  it('is told, and so is a batch that was to be larger than the dataset', () => {
    assert.match(
      told({ epochs: 3, batchSize: 65_536 }) ?? '',
      /^Training of the student, decided from the data: batches of 36 instead of 65536, because there are no more samples$/,
    );
    assert.match(told({ batchSize: 65_536 }) ?? '', /at most .* epochs.*; batches of 36 instead of 65536/);
    assert.match(told({}) ?? '', /batches of 32; learning rate/);
    assert.equal(told({ epochs: 3, batchSize: 36 }), undefined);
  });
});
