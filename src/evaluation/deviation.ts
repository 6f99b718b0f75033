import { DistilleryError } from '../errors.ts';
import type { SplitMetrics } from '../report/report.ts';

/**
 * How far predicted numbers are from the true ones, in double precision. R² is computed for every column against the column's mean and
 * averaged over the columns, as scikit-learn's `r2_score` does; a column that never changes counts 1 when it is met and else 0. Its standard
 * error is that of a ratio of means by the delta method, of samples that are drawn one by one.
 *
 * @param outputs row-major [samples, columns]
 * @param truth the same
 * @throws DistilleryError when there are no samples, or the two are not of one size
 */
export function deviationMetrics(outputs: Float32Array, truth: Float32Array, columns: number): SplitMetrics {
  const samples = truth.length / columns;
  if (samples === 0 || !Number.isInteger(samples) || outputs.length !== truth.length) {
    throw new DistilleryError('INTERNAL', `${outputs.length} outputs cannot be compared with ${truth.length} values.`);
  }
  let absolute = 0;
  let squared = 0;
  let determination = 0;
  /** By how much each sample moves the R² averaged over the columns. */
  const pulls = new Float64Array(samples);
  for (let column = 0; column < columns; column++) {
    let mean = 0;
    for (let index = column; index < truth.length; index += columns) mean += (truth[index] ?? NaN) / samples;
    let residual = 0;
    let spread = 0;
    for (let index = column; index < truth.length; index += columns) {
      const difference = (outputs[index] ?? NaN) - (truth[index] ?? NaN);
      absolute += Math.abs(difference);
      residual += difference ** 2;
      spread += ((truth[index] ?? NaN) - mean) ** 2;
    }
    squared += residual;
    determination += spread === 0 ? (residual === 0 ? 1 : 0) : 1 - residual / spread;
    if (spread === 0) continue;
    for (let sample = 0; sample < samples; sample++) {
      const index = sample * columns + column;
      const value = truth[index] ?? NaN;
      const pull = ((outputs[index] ?? NaN) - value) ** 2 - (residual / spread) * (value - mean) ** 2;
      pulls[sample] = (pulls[sample] ?? 0) + (pull * samples) / (spread * columns);
    }
  }
  const loss = squared / truth.length;
  return {
    samples,
    errors: null,
    accuracy: null,
    loss,
    deviation: {
      meanAbsoluteError: absolute / truth.length,
      rootMeanSquaredError: Math.sqrt(loss),
      determination: determination / columns,
      determinationError: standardErrorOf(pulls),
    },
    perClass: [],
  };
}

/** Of a mean of values whose own mean is 0. */
function standardErrorOf(values: Float64Array): number {
  const squares = values.reduce((sum, value) => sum + value ** 2, 0);
  return Math.sqrt(squares) / values.length;
}
