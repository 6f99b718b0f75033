import type { ModelReport } from '../../src/report/report.ts';
import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from '../../src/platform/onnxRuntime.ts';
import { removeRuns, run } from '../support/runs.ts';
import { requireShared } from '../support/shared.ts';
import { fullOr, tellShortened } from '../support/full.ts';

/** Errors of a model on MNIST's test split, with nothing of Distillery's involved. */
async function countErrors(model: string, data: string): Promise<number> {
  const images = gunzipSync(readFileSync(join(data, 't10k-images-idx3-ubyte.gz'))).subarray(16);
  const labels = gunzipSync(readFileSync(join(data, 't10k-labels-idx1-ubyte.gz'))).subarray(8);
  const session = await InferenceSession.create(model);
  const pixels = Float32Array.from(images, (pixel) => pixel / 255);
  const { logits } = await session.run({ input: new Tensor('float32', pixels, [10_000, 1, 28, 28]) });
  await session.release();
  let errors = 0;
  for (let sample = 0; sample < 10_000; sample++) {
    const row = Array.from(logits!.data.slice(sample * 10, sample * 10 + 10) as Float32Array);
    if (row.indexOf(Math.max(...row)) !== labels[sample]) errors++;
  }
  return errors;
}

describe('MNIST', () => {
  after(removeRuns);

  const { hidden, limit, training, accuracy, atMost } = fullOr(
    { hidden: 800, limit: undefined, training: { epochs: 10 }, accuracy: 0.985, atMost: 1 },
    { hidden: 100, limit: 1500, training: { epochs: 12, batchSize: 25 }, accuracy: 0.88, atMost: 1.2 },
  );
  const what = `784-${hidden}-${hidden}-10 at T 4`;
  it(`distils ${what} to at least ${accuracy * 100} %, ${fullOr('better than', 'about as well as')} without the teacher`, async function () {
    tellShortened(
      'MNIST: 784-100-100-10 on 1,500 digits, which need not beat its baseline, not 784-800-800-10 on 60,000',
    );
    this.timeout(900_000);
    const model = requireShared(this, 'models/mnist-mlp-1200.onnx');
    const path = requireShared(this, 'data/mnist');
    const { result, folder } = await run({
      teacher: { model },
      dataset: { path, ...(limit !== undefined && { limit }) },
      student: { architecture: 'mlp', hidden: [hidden, hidden] },
      objective: [
        { loss: 'kd', temperature: 4, weight: 0.9 },
        { loss: 'labels', weight: 0.1 },
      ],
      training,
      device: 'cpu',
    });
    assert.equal(result.state, 'finished');
    const errors = (model: ModelReport | null): number | null | undefined => model?.test.errors;
    const { teacher, student, baseline } = result.report;
    console.log(
      `      errors of 10,000: teacher ${errors(teacher) ?? '?'}, student ${student.test.errors!}, alone ${errors(baseline) ?? '?'}`,
    );
    assert.equal(errors(teacher), 79);
    assert.ok(student.test.accuracy! >= accuracy);
    assert.ok(baseline && student.test.errors! < atMost * baseline.test.errors!);
    assert.equal(await countErrors(join(folder, 'student.onnx'), path), student.test.errors!);
  });
});
