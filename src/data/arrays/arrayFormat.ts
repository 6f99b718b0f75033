import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInputError, messageOf } from '../../errors.ts';
import type { DatasetOptions, OpenContext } from '../dataset.ts';
import { pathProblem } from '../problems.ts';
import type { Format, Location, UnfittedSource } from '../source.ts';
import { arraysSource, type LabelledArrays } from './arraysSource.ts';
import { parseNpy, type NpyArray } from './npy.ts';
import { parseNpz } from './npz.ts';

const ENDING = /\.np[yz]$/i;
const SAMPLE_NAMES = ['x', 'images', 'data', 'samples', 'inputs'];
const TARGET_NAMES = ['y', 'labels', 'targets', 'label', 'target'];
const SPLIT_NAMES = {
  training: ['train', 'training'],
  validation: ['val', 'valid', 'validation'],
  test: ['test', 'testing'],
} as const;

/** NumPy's arrays: samples and labels, for all samples or for each split. */
export const arrayFiles = {
  description:
    'NumPy arrays: an .npz file with x_train, y_train, x_test and y_test, with x and y, or with images and labels; or a ' +
    'folder of .npy files with such names',
  recognises: ({ file, files }) => (file === undefined ? files.some((name) => ENDING.test(name)) : ENDING.test(file)),
  open: openArrays,
} satisfies Format;

async function openArrays(location: Location, context: OpenContext, options: DatasetOptions): Promise<UnfittedSource> {
  const arrays = await readArrays(location);
  const split = (names: readonly string[]): LabelledArrays | undefined => {
    const find = (kinds: readonly string[]): NpyArray | undefined => {
      for (const kind of kinds) {
        for (const name of names) {
          const found = arrays.get(name === '' ? kind : `${kind}_${name}`) ?? arrays.get(`${name}_${kind}`);
          if (found) return found;
        }
      }
      return undefined;
    };
    const samples = find(SAMPLE_NAMES);
    return samples && { samples, targets: find(TARGET_NAMES) };
  };
  const training = split(SPLIT_NAMES.training) ?? split(['']) ?? alone(arrays);
  if (!training) {
    throw new BadInputError([
      pathProblem(
        `${location.file ?? location.folder} has no array of samples, only ${[...arrays.keys()].join(', ')}.`,
        'Call the arrays x_train, y_train, x_test and y_test, or x and y.',
      ),
    ]);
  }
  return arraysSource(
    {
      format: location.file?.toLowerCase().endsWith('.npz') === true ? 'NPZ' : 'NPY',
      training,
      validation: split(SPLIT_NAMES.validation),
      test: split(SPLIT_NAMES.test),
    },
    context,
    options,
  );
}

/** A single array needs no name. */
function alone(arrays: ReadonlyMap<string, NpyArray>): LabelledArrays | undefined {
  const [only, second] = arrays.values();
  return only && !second ? { samples: only, targets: undefined } : undefined;
}

/** Arrays by their lower-cased names. */
async function readArrays({ folder, file, files }: Location): Promise<ReadonlyMap<string, NpyArray>> {
  const names = file === undefined ? files.filter((name) => ENDING.test(name)) : [file];
  const arrays = new Map<string, NpyArray>();
  for (const name of names) {
    const bytes = await readWhole(join(folder, name), name);
    if (/\.npz$/i.test(name)) {
      for (const [key, array] of parseNpz(bytes, name, isUsed)) arrays.set(key.toLowerCase(), array);
    } else arrays.set(name.slice(0, -'.npy'.length).toLowerCase(), parseNpy(bytes, name));
  }
  if (arrays.size === 0)
    throw new BadInputError([pathProblem(`${names.join(', ')} has no arrays of samples or labels.`)]);
  return arrays;
}

function isUsed(key: string): boolean {
  const kinds = [...SAMPLE_NAMES, ...TARGET_NAMES];
  return key
    .toLowerCase()
    .split('_')
    .some((word) => kinds.includes(word));
}

async function readWhole(path: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new BadInputError([
      pathProblem(`${name} cannot be read: ${messageOf(error)}.`, 'Check the file and its permissions.'),
    ]);
  }
}
