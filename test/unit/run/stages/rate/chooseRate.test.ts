import assert from 'node:assert/strict';
import type { Run } from '../../../../../src/run/run.ts';
import { chooseRate, ratesFor } from '../../../../../src/run/stages/rate/chooseRate.ts';
import { shortSteps } from '../../../../../src/run/stages/rate/shortTraining.ts';

/** Trials with rates and their validation losses; null for one that diverged. */
function trials(losses: Readonly<Record<number, number | null>>) {
  return Object.entries(losses)
    .map(([learningRate, loss]) => {
      const quality = { accuracy: null, loss: loss ?? 0 };
      const outcome = loss === null ? null : { training: quality, validation: quality, count: 100 };
      return { learningRate: Number(learningRate), outcome };
    })
    .toSorted((one, other) => one.learningRate - other.learningRate);
}

describe('chooseRate', () => {
  it('takes the rate of the lowest validation loss', () => {
    assert.equal(chooseRate(trials({ 0.001: 0.6, 0.003: 0.5, 0.01: 0.4 })), 0.01);
    assert.equal(chooseRate(trials({ 0.001: 0.6, 0.003: 0.5, 0.01: 0.7 })), 0.003);
  });

  it('takes the lower of rates that hardly differ, and none that diverged', () => {
    assert.equal(chooseRate(trials({ 0.001: 0.5, 0.003: 0.495, 0.01: 0.493 })), 0.001);
    assert.equal(chooseRate(trials({ 0.001: 0.5, 0.003: null })), 0.001);
  });

  it('tries rates that a person can read', () => {
    const run = {
      experiment: { student: { architecture: 'mlp' }, engine: 'onnxruntime', training: { learningRate: 0.05 } },
      written: { training: { learningRate: 'auto', epochs: 'auto' } },
      prepared: {
        dataset: { task: { kind: 'classification' }, sampleShape: [8], samples: { kind: 'values' } },
      },
    } as unknown as Run;
    assert.deepEqual(ratesFor(run), [0.05, 0.15, 0.5]);
  });

  it('has a tenth of the planned steps for each, and none where that is too short', () => {
    assert.deepEqual([900, 2000, 12_000].map(shortSteps), [undefined, 200, 300]);
  });
});
