import { BadInputError } from '../../../errors.ts';
import { pathProblem } from '../../findings/problems.ts';
import type { SamplePart } from '../../task.ts';
import { channelsFirst } from './channelsFirst.ts';
import type { NpyArray } from './npy.ts';

/** Several arrays that together are the samples: the values of each sample one after the other, and what they are called. */
export interface JoinedArrays {
  /** [count, values] */
  readonly samples: NpyArray;
  readonly parts: readonly StoredPart[];
}

/** A part of a sample, and what its stored numbers are divided by. */
export interface StoredPart extends SamplePart {
  readonly unit: number;
}

/** The largest byte, which numbers of images are divided by. */
const BYTE = 255;

/**
 * Joins arrays to samples. Those of bytes are images of 0…255, as where they are alone; others are taken as they are.
 *
 * @param arrays by the names of the parts
 * @throws BadInputError where they are of different numbers of samples
 */
export function joinArrays(arrays: ReadonlyMap<string, NpyArray>, file: string): JoinedArrays {
  const [first] = arrays.values();
  const count = first?.shape[0] ?? 0;
  const other = [...arrays].find(([, { shape }]) => shape[0] !== count);
  if (other) {
    const counts = [...arrays].map(([name, { shape }]) => `'${name}' has ${shape[0] ?? 1}`).join(', ');
    throw new BadInputError([
      pathProblem(
        `The arrays of ${file} have different numbers of samples: ${counts}.`,
        'Arrays that together are the samples have a row for each of them.',
      ),
    ]);
  }
  const turned = [...arrays].map(([name, array]) => {
    const { values, shape } = channelsFirst(array);
    const size = shape.reduce((product, each) => product * each, 1);
    return { name, shape: shape.length === 0 ? [1] : shape, values, size, unit: array.type === 'u1' ? BYTE : 1 };
  });
  const width = turned.reduce((sum, { size }) => sum + size, 0);
  const joined = new Float32Array(count * width);
  let start = 0;
  for (const { values, size, unit } of turned) {
    for (let row = 0; row < count; row++) {
      for (let at = 0; at < size; at++) joined[row * width + start + at] = (values[row * size + at] ?? NaN) / unit;
    }
    start += size;
  }
  return {
    samples: { shape: [count, width], type: 'f4', values: joined },
    parts: turned.map(({ name, shape, unit }) => ({ name, shape, unit })),
  };
}
