import { DistilleryError } from '../errors.ts';
import type { TensorContents } from '../protocol/modelView.ts';
import type { OpenModel } from './openModel.ts';
import { readElements } from './readElements.ts';

const BINS = 40;
const FIRST_VALUES = 512;

/**
 * The contents of an initializer: statistics, histogram and first values. The file is read twice, a part at a time.
 * @throws DistilleryError `BAD_INPUT` when the model stores no such tensor; otherwise as `readElements`
 */
export function summarizeTensor(model: OpenModel, name: string): TensorContents {
  const tensor = model.proto.graph?.initializer.find((candidate) => candidate.name === name);
  if (!tensor) throw new DistilleryError('BAD_INPUT', `The model stores no tensor named '${name}'.`);
  let count = 0;
  let finite = 0;
  let zeros = 0;
  let minimum = Infinity;
  let maximum = -Infinity;
  let mean = 0;
  let squares = 0;
  const values: number[] = [];
  for (const part of readElements(model, tensor)) {
    count += part.length;
    for (let index = 0; index < part.length; index += 1) {
      const value = part[index] ?? 0;
      if (values.length < FIRST_VALUES) values.push(value);
      if (!Number.isFinite(value)) continue;
      finite += 1;
      if (value === 0) zeros += 1;
      if (value < minimum) minimum = value;
      if (value > maximum) maximum = value;
      // Welford's update: sums of squares would lose what is small beside a large mean.
      const difference = value - mean;
      mean += difference / finite;
      squares += difference * (value - mean);
    }
  }
  const isEmpty = finite === 0;
  const histogram = new Array<number>(BINS).fill(0);
  if (!isEmpty) {
    const scale = maximum > minimum ? BINS / (maximum - minimum) : 0;
    for (const part of readElements(model, tensor)) {
      for (let index = 0; index < part.length; index += 1) {
        const value = part[index] ?? 0;
        if (!Number.isFinite(value)) continue;
        const bin = Math.min(BINS - 1, Math.floor((value - minimum) * scale));
        histogram[bin] = (histogram[bin] ?? 0) + 1;
      }
    }
  }
  return {
    name,
    count,
    minimum: isEmpty ? NaN : minimum,
    maximum: isEmpty ? NaN : maximum,
    mean: isEmpty ? NaN : mean,
    deviation: isEmpty ? NaN : Math.sqrt(squares / finite),
    zeros,
    notFinite: count - finite,
    histogram,
    values,
  };
}
