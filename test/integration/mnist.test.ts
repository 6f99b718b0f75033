import type { ModelReport } from '../../src/protocol/report.ts';
import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { removeRuns, run } from '../support/runs.ts';
import { requireShared } from '../support/shared.ts';

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

  it('distils 784-800-800-10 at T 4 to at least 98.5 %, better than without the teacher', async function () {
    this.timeout(900_000);
    const model = requireShared(this, 'models/mnist-mlp-1200.onnx');
    const path = requireShared(this, 'data/mnist');
    const { result, folder } = await run({
      teacher: { model },
      dataset: { path },
      student: { architecture: 'mlp', hidden: [800, 800] },
      objective: [
        { loss: 'kd', temperature: 4, weight: 0.9 },
        { loss: 'labels', weight: 0.1 },
      ],
      training: { epochs: 10 },
      device: 'cpu',
    });
    assert.equal(result.state, 'finished');
    const errors = (model: ModelReport | null): number | null | undefined => model?.test.errors;
    const { teacher, student, baseline } = result.report;
    console.log(
      `      errors of 10,000: teacher ${errors(teacher) ?? '?'}, student ${student.test.errors!}, alone ${errors(baseline) ?? '?'}`,
    );
    assert.equal(errors(teacher), 79);
    assert.ok(student.test.accuracy! >= 0.985);
    assert.ok(baseline && student.test.errors! < baseline.test.errors!);
    assert.equal(await countErrors(join(folder, 'student.onnx'), path), student.test.errors!);
  });
});
