import assert from 'node:assert/strict';
import { openModel } from '../../../src/modelView/openModel.ts';
import { summarizeTensor } from '../../../src/modelView/summarizeTensor.ts';
import { denseModel, temporaryFolder, written } from './models.ts';

describe('the contents of a tensor', () => {
  const folder = temporaryFolder();

  it('are summed up, without what is not finite', () => {
    const weight = Float32Array.from({ length: 64 * 32 }, (_, index) => (index % 4) - 1);
    weight[0] = NaN;
    weight[4] = Infinity;
    const contents = summarizeTensor(openModel(written(folder(), 'dense.onnx', denseModel({ weight }))), 'weight');
    assert.equal(contents.count, 2048);
    assert.equal(contents.notFinite, 2);
    assert.deepEqual([contents.minimum, contents.maximum, contents.zeros], [-1, 2, 512]);
    // 510 × −1, 512 × 0, 512 × 1, 512 × 2
    assert.ok(Math.abs(contents.mean - (512 * 3 - 510) / 2046) < 1e-12);
    assert.equal(
      contents.histogram.reduce((sum, count) => sum + count, 0),
      2046,
    );
    assert.deepEqual(contents.values.slice(1, 4), [0, 1, 2]);
  });

  it('of a name that there is not are refused', () => {
    const model = openModel(written(folder(), 'other.onnx', denseModel()));
    assert.throws(() => summarizeTensor(model, 'nothing'), /no tensor named 'nothing'/);
  });
});
