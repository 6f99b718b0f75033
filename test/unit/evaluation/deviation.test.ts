import assert from 'node:assert/strict';
import { randomStream } from '../../../src/data/random.ts';
import { deviationMetrics } from '../../../src/evaluation/deviation.ts';

describe('the standard error of R²', () => {
  const random = randomStream(5, 'deviation');
  /** Two columns that depend on each other, and predictions of them with noise. */
  function draw(samples: number): { readonly truth: Float32Array; readonly outputs: Float32Array } {
    const truth = new Float32Array(2 * samples);
    const outputs = new Float32Array(2 * samples);
    for (let sample = 0; sample < samples; sample++) {
      const [common, own] = [random.normal(), random.normal()];
      truth.set([3 * common + 10, common + own], 2 * sample);
      outputs.set([3 * common + 10 + random.normal(), common + own + 0.8 * random.normal()], 2 * sample);
    }
    return { truth, outputs };
  }

  it('is about how far R² is off when other samples are drawn', () => {
    const runs = Array.from({ length: 400 }, () => {
      const { truth, outputs } = draw(200);
      const { deviation } = deviationMetrics(outputs, truth, 2);
      return [deviation?.determination ?? NaN, deviation?.determinationError ?? NaN] as const;
    });
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const found = runs.map(([determination]) => determination);
    const spread = Math.sqrt(mean(found.map((each) => (each - mean(found)) ** 2)));
    const told = mean(runs.map(([, error]) => error));
    assert.ok(Math.abs(told / spread - 1) < 0.15, `${told} is not about ${spread}`);
  });

  it('is 0 where everything is met, columns that never change included', () => {
    const truth = Float32Array.of(1, 7, 2, 7, 4, 7);
    assert.equal(deviationMetrics(truth, truth, 2).deviation?.determinationError, 0);
    const { deviation } = deviationMetrics(Float32Array.of(1, 8, 2, 8, 4, 8), truth, 2);
    assert.deepEqual([deviation?.determination, deviation?.determinationError], [0.5, 0]);
  });
});
