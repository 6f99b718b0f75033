import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import loadWabt from 'wabt';
import { randomStream } from '../../../../src/data/random.ts';
import { binFeatures } from '../../../../src/estimators/boosting/bins.ts';
import { HistogramFiller, newHistogram, placeOf } from '../../../../src/estimators/boosting/histogram.ts';
import { histogramProgram } from '../../../../src/estimators/boosting/histogramProgram.ts';

describe('HistogramFiller', () => {
  it('runs the program that its source assembles to', async () => {
    const folder = new URL('../../../../src/estimators/boosting/', import.meta.url);
    const wabt = await loadWabt();
    const source = wabt.parseWat('histogram.wat', readFileSync(new URL('histogram.wat', folder), 'utf8'), {
      simd: true,
    });
    assert.equal(
      Buffer.from(source.toBinary({}).buffer).toString('base64'),
      histogramProgram,
      'npm run generate:programs',
    );
  });

  it('adds up derivatives and rows of a node in the bins of every feature', async () => {
    const random = randomStream(0, 'rows');
    const [count, features] = [200, 6];
    const values = Float32Array.from({ length: count * features }, (_, at) =>
      at % features === 5 ? Math.floor(random.uniform(0, 3)) : random.normal(),
    );
    const binned = await binFeatures({ count, features, values }, () => Promise.resolve());
    const filler = new HistogramFiller(binned, count);
    const draw = (): Float32Array => Float32Array.from({ length: count }, () => random.normal());
    const [gradients, curvatures] = [draw(), draw()];
    const rows = random.shuffle(Int32Array.from({ length: count }, (_, row) => row));
    filler.order.set(rows);
    const [start, end] = [17, 150];
    const histogram = newHistogram(binned).fill(Number.NaN);
    filler.fill(histogram, { start, end, gradients, curvatures });
    for (let feature = 0; feature < features; feature++) {
      const bounds = binned.bounds[feature]!;
      const bins = Array.from(
        { length: count },
        (_, row) => bounds.filter((each) => each < values[row * features + feature]!).length,
      );
      for (let bin = 0; bin <= bounds.length; bin++) {
        const inBin = [...rows.subarray(start, end)].filter((row) => bins[row] === bin);
        const sum = (derivatives: Float32Array): number => inBin.reduce((all, row) => all + derivatives[row]!, 0);
        const at = placeOf(binned, feature, bin);
        assert.deepEqual(
          [...histogram.subarray(at, at + 3)],
          [sum(gradients), sum(curvatures), inBin.length],
          `feature ${feature}, bin ${bin}`,
        );
      }
    }
  });

  it('refuses what its memory does not hold, naming a way out', () => {
    const features = {
      words: new Array<Uint32Array>(500).fill(new Uint32Array(0)),
      bounds: new Array<Float32Array>(2000).fill(new Float32Array(254)),
      firstBins: Int32Array.of(0, 255),
    };
    assert.throws(() => new HistogramFiller(features, 3_000_000), {
      code: 'UNSUPPORTED',
      message: /does not take 3000000 rows of 2000 features/,
      hint: /random forest/,
    });
  });
});
