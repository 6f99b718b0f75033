import assert from 'node:assert/strict';
import { parseExperiment } from '../../../../../src/experiment/parseExperiment.ts';
import { settleExperiment } from '../../../../../src/experiment/settleExperiment.ts';
import type { Run } from '../../../../../src/run/run.ts';
import { enlargingOf } from '../../../../../src/run/stages/enlarge/planEnlargement.ts';

const given = {
  image: { samples: { kind: 'values' }, sampleShape: [3, 32, 32], preparation: { kind: 'image' } },
  table: { samples: { kind: 'values' }, sampleShape: [8], preparation: { kind: 'table' } },
  text: { samples: { kind: 'tokens' }, sampleShape: [64], preparation: { kind: 'text' } },
};

/** By what a run is enlarged whose file says this beside the usual. */
function enlarging(kind: keyof typeof given, said: object = {}, around: Partial<Run> = {}) {
  const written = parseExperiment({
    teacher: { model: 'teacher.onnx' },
    dataset: { path: 'data' },
    student: { architecture: 'mlp', hidden: [8] },
    ...said,
  });
  const experiment = settleExperiment(written, { training: { count: 300 } });
  const dataset = { task: { kind: 'classification', classes: ['a', 'b'] }, ...given[kind] };
  return enlargingOf({ written, experiment, prepared: { dataset }, ...around } as unknown as Run);
}

describe('what a transfer set may be enlarged by', () => {
  it('follows from what the samples are', () => {
    assert.deepEqual([enlarging('image'), enlarging('table'), enlarging('text')], ['augmentation', 'rows', 'texts']);
  });

  it('is nothing where the file says what the student learns from, or for how long', () => {
    for (const said of [
      { training: { epochs: 40 } },
      { teacher: null },
      { augmentation: { shift: 2 } },
      { dataset: { path: 'data', enlarge: 'never' } },
      { dataset: { path: 'data', unlabelled: 'more' } },
      { dataset: { path: 'data', exclude: ['a'] } },
    ]) {
      assert.equal(enlarging('image', said), undefined, JSON.stringify(said));
    }
  });

  it('is nothing for students that are not shown samples again', () => {
    assert.equal(enlarging('table', { student: { architecture: 'linear' } }), undefined);
    assert.equal(enlarging('table', { student: { extractor: 'net.onnx' } }), undefined);
  });

  it('is nothing for what several processes train', () => {
    assert.equal(enlarging('table', {}, { shared: { folder: 'shared' } }), undefined);
    assert.equal(enlarging('table', { rounds: { workers: 2, localSteps: 10 } }), undefined);
  });

  it('is no change of the images where others teach what a teacher has learned', () => {
    const teacher = { architecture: 'mlp', hidden: [16], crossFit: 5 };
    assert.equal(enlarging('image', { teacher }), undefined);
    assert.equal(enlarging('table', { teacher }), 'rows');
  });
});
