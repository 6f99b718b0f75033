import { setImmediate } from 'node:timers/promises';
import { BadInputError } from '../../../errors.ts';
import { throwIfCancelled } from '../../cancellation.ts';
import type { Dataset, OpenContext, SynthesizeOptions } from '../../dataset.ts';
import { widthOf } from '../../formats/tables/encodeColumns.ts';
import { allocateSamples } from '../../memory.ts';
import type { ColumnCode } from '../../preparation.ts';
import { randomStream } from '../../random.ts';
import { FloatSamples } from '../../samples/floatSamples.ts';
import type { Split } from '../../samples/split.ts';
import { missingLabels } from '../missingLabels.ts';
import { munge, type ColumnRange } from './munge.ts';

/**
 * Rows made from those of the training split of a table, for a teacher to label.
 *
 * @throws BadInputError where there are too few rows
 */
export async function synthesizeRows(
  { training, sampleShape }: Pick<Dataset, 'training' | 'sampleShape'>,
  columns: readonly ColumnCode[],
  options: SynthesizeOptions,
  { seed, signal }: Pick<OpenContext, 'seed' | 'signal'>,
): Promise<Split> {
  if (training.count < 2) {
    const message = 'Rows are made from two rows each, and the training split has one.';
    throw new BadInputError([
      { where: 'dataset.synthesize', message, hint: 'Give more rows, or leave the field out.' },
    ]);
  }
  const [width = 1] = sampleShape;
  const values = floats(training.count * width);
  await training.read(
    Int32Array.from({ length: training.count }, (_, row) => row),
    values,
  );
  // Where numbers are not scaled, distances would be those of the largest.
  const scales = scalesOf(values, width, columns);
  const scaled = values.map((value, index) => value / (scales[index % width] ?? 1));
  const made = await munge(
    { values: scaled, count: training.count, width },
    wholeDates(columns, rangesOf(columns)),
    options,
    randomStream(seed, 'synthesize'),
    async () => {
      throwIfCancelled(signal);
      await setImmediate();
    },
  );
  made.forEach((value, index) => {
    made[index] = value * (scales[index % width] ?? 1);
  });
  return new FloatSamples(made, missingLabels(options.rows, training.targets), options.rows);
}

/** Memory for numbers. @throws BadInputError when it would take too much */
function floats(count: number): Float32Array {
  const bytes = allocateSamples(4 * count);
  return new Float32Array(bytes.buffer, bytes.byteOffset, count);
}

function rangesOf(columns: readonly ColumnCode[]): readonly ColumnRange[] {
  let at = 0;
  return columns.map((column) => {
    const range = { at, width: widthOf(column), kind: column.kind };
    at += range.width;
    return range;
  });
}

/** The ranges in which each date is one, which is taken as it is: what is found from it would fit no day if each value were drawn for itself. */
function wholeDates(columns: readonly ColumnCode[], ranges: readonly ColumnRange[]): readonly ColumnRange[] {
  const dateOf = (index: number): string | undefined => {
    const column = columns[index];
    const part = column?.kind === 'number' ? column.part : undefined;
    return part && part.is !== 'missing' ? part.of : undefined;
  };
  const whole: ColumnRange[] = [];
  for (const [index, range] of ranges.entries()) {
    const date = dateOf(index);
    const last = date !== undefined && dateOf(index - 1) === date ? whole.pop() : undefined;
    if (last) whole.push({ ...last, width: last.width + range.width });
    else whole.push(date === undefined ? range : { ...range, kind: 'category' });
  }
  return whole;
}

/** The deviation of every number, and 1 for what is of a category. */
function scalesOf(values: Float32Array, width: number, columns: readonly ColumnCode[]): Float64Array {
  const scales = new Float64Array(width).fill(1);
  for (const { at, kind } of rangesOf(columns)) {
    if (kind === 'category') continue;
    let [sum, squares] = [0, 0];
    for (let index = at; index < values.length; index += width) {
      const value = values[index] ?? 0;
      sum += value;
      squares += value * value;
    }
    const count = values.length / width;
    const deviation = Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
    if (deviation > 0) scales[at] = deviation;
  }
  return scales;
}
