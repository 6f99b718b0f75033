import assert from 'node:assert/strict';
import { metricsCsv } from '../../../src/rendering/metricsCsv.ts';

describe('metricsCsv', () => {
  it('has a row for every epoch, and empty cells for losses that a network does not have', () => {
    const epoch = { kind: 'epoch', epochs: 1, best: true, epoch: 1, step: 10 } as const;
    const text = metricsCsv([
      { kind: 'teacher', validation: { accuracy: 0.9, loss: 0.1 } },
      { ...epoch, network: 'student', losses: { total: 0.5, kd: 0.25 }, validation: { accuracy: 0.75, loss: 1.5 } },
      { ...epoch, network: 'baseline', losses: { total: NaN }, validation: { accuracy: null, loss: 2 } },
    ]);
    assert.deepEqual(text.split('\r\n'), [
      'network,epoch,step,loss_total,loss_kd,validation_accuracy,validation_loss',
      'student,1,10,0.5,0.25,0.75,1.5',
      'baseline,1,10,,,,2',
      '',
    ]);
  });
});
