import assert from 'node:assert/strict';
import { pairsFor, type FeatureChoices } from '../../../src/protocol/features.ts';

const choice = (name: string, shape: readonly (number | string)[]) => ({
  name,
  shape: ['batch', ...shape],
  stage: '',
  lastOfStage: true,
});

const choices: FeatureChoices = {
  student: [choice('s.maps', [8, 7, 7]), choice('s.vectors', [16]), choice('s.hidden', [32])],
  teacher: [choice('t.maps', [16, 7, 7]), choice('t.vectors', [64]), choice('t.hidden', [32])],
  pairs: [
    { student: 's.maps', teacher: 't.maps', stage: '7×7' },
    { student: 's.vectors', teacher: 't.vectors', stage: 'vectors' },
    { student: 's.hidden', teacher: 't.hidden', stage: 'hidden' },
  ],
};

describe('pairsFor', () => {
  const stages = (loss: string): readonly string[] => pairsFor(loss, choices).map(({ stage }) => stage);

  it('gives attention transfer maps only', () => {
    assert.deepEqual(stages('attention-transfer'), ['7×7']);
  });

  it('gives the cosine features of the same shape only', () => {
    assert.deepEqual(stages('cosine'), ['hidden']);
  });

  it('gives the other losses all of them', () => {
    for (const loss of ['hint', 'contrastive', 'queue-similarity', 'rkd']) assert.equal(stages(loss).length, 3);
  });
});
