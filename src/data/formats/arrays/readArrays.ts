import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInputError, messageOf, systemCodeOf } from '../../../errors.ts';
import { pathProblem } from '../../findings/problems.ts';
import type { Location } from '../../source.ts';
import { areLabels, areSamples, WANTED_NAMES, withSplit } from './arrayNames.ts';
import { areNames } from './namesBeside.ts';
import { areGroups } from './sampleGroups.ts';
import { hdf5Start } from './hdf5/hdf5Start.ts';
import { readHdf5 } from './hdf5/readHdf5.ts';
import { parseMat } from './mat.ts';
import { parseNpy, type NpyArray } from './npy.ts';
import { parseNpz } from './npz.ts';

/** Files of NumPy and MATLAB. */
export const ARRAY_ENDING = /\.(?:np[yz]|mat)$/i;
export const HDF5_ENDING = /\.(?:h5|hdf5|he5)$/i;
/** Texts that tell of data. */
const BESIDE = /^(?:readme|licen[cs]e)|\.(?:md|txt)$/i;
/** What NumPy calls arrays that have no names. */
const UNNAMED = ['arr_0', 'arr_1'];

/** What holds more than arrays may. */
const SMALLER_HINT = 'Save them in a smaller type, such as uint8 for images, or as Parquet or a folder of images.';

/** Files of arrays in a folder. HDF5 files may as well be the weights of a network beside data, unless nothing else lies there. */
export function arraysAmong(files: readonly string[], folders: readonly string[]): readonly string[] {
  const arrays = files.filter((name) => ARRAY_ENDING.test(name));
  if (arrays.length > 0) return arrays;
  const stored = files.filter((name) => HDF5_ENDING.test(name));
  const isAlone = folders.length === 0 && files.every((name) => HDF5_ENDING.test(name) || BESIDE.test(name));
  return isAlone ? stored : [];
}

/**
 * Arrays by their lower-cased names.
 *
 * @param notes gets what is to be known of how they were read
 * @throws BadInputError when a file cannot be read, holds no arrays of samples or labels, or two arrays have one name
 */
export async function readArrays(
  { folder, folders, file, files }: Location,
  signal: AbortSignal | undefined,
  notes: string[],
): Promise<ReadonlyMap<string, NpyArray>> {
  const names = file === undefined ? arraysAmong(files, folders) : [file];
  const arrays = new Map<string, NpyArray>();
  const others: string[] = [];
  const keep = (file: string, key: string, array: NpyArray): void => {
    const name = names.length > 1 ? withSplit(file, key) : key;
    if (arrays.has(name)) {
      const message = `Several files of ${names.join(', ')} have an array '${key}'.`;
      throw new BadInputError([
        pathProblem(message, 'Name the one file that is meant, or call them train, validation and test.'),
      ]);
    }
    arrays.set(name, array);
  };
  for (const name of names) {
    const bytes = await readWhole(join(folder, name), name);
    if (/\.npz$/i.test(name)) {
      for (const [key, array] of readNpz(bytes, name, { others, notes })) keep(name, key.toLowerCase(), array);
    } else if (HDF5_ENDING.test(name) || (/\.mat$/i.test(name) && hdf5Start(bytes) !== undefined)) {
      const read = await readHdf5(join(folder, name), name, bytes, { isUsed, areLabels, others, signal });
      for (const [key, array] of read) keep(name, key.toLowerCase().replaceAll('/', '_'), array);
    } else if (/\.mat$/i.test(name)) {
      const unread: string[] = [];
      const read = parseMat(bytes, name, unread);
      refuseUnreadLabels(name, [...read.keys()], unread);
      others.push(...unread);
      for (const [key, array] of read) keep(name, key, array);
    } else arrays.set(name.slice(0, -'.npy'.length).toLowerCase(), parseNpy(bytes, name));
  }
  if (arrays.size === 0)
    throw new BadInputError([
      pathProblem(`${names.join(', ')} has no arrays of samples or labels, only ${foundNames(others)}.`, WANTED_NAMES),
    ]);
  return arrays;
}

/** The arrays of samples and labels; where there are labels alone, what else there is are parts of the samples. */
function readNpz(
  bytes: Uint8Array,
  name: string,
  { others, notes }: { readonly others: string[]; readonly notes: string[] },
): ReadonlyMap<string, NpyArray> {
  const named: string[] = [];
  const arrays = parseNpz(bytes, name, (key) =>
    areNames(key) ? (named.push(key), false) : isUsed(key) || (others.push(key), false),
  );
  if (others.includes('indptr') && others.includes('indices')) throw sparseMatrix(name);
  if (arrays.size > 0) {
    const parts = [...arrays.keys()].some(areSamples)
      ? new Map<string, NpyArray>()
      : parseNpz(bytes, name, (key) => others.includes(key));
    return new Map([...arrays, ...parts, ...readNames(bytes, name, named, notes)]);
  }
  if (others.join() !== UNNAMED.join()) return arrays;
  const unnamed = unnamedArrays(parseNpz(bytes, name, () => true));
  if (unnamed.size > 0)
    notes.push(`The arrays of ${name} have no names: the first is taken for the samples, the second for their labels.`);
  return unnamed;
}

/** Arrays that say what classes and columns are called. Without them the others are read all the same. */
function readNames(
  bytes: Uint8Array,
  name: string,
  keys: readonly string[],
  notes: string[],
): ReadonlyMap<string, NpyArray> {
  if (keys.length === 0) return new Map();
  try {
    return parseNpz(bytes, name, (key) => keys.includes(key));
  } catch (error) {
    notes.push(`What classes or columns are called is not read: ${messageOf(error)}`);
    return new Map();
  }
}

function sparseMatrix(name: string): BadInputError {
  return new BadInputError([
    pathProblem(
      `${name} holds a sparse matrix of SciPy and no labels of its rows.`,
      `In Python: numpy.savez('data.npz', x=scipy.sparse.load_npz('${name}').toarray(), y=labels).`,
    ),
  ]);
}

/** Two arrays that nobody named, the second of which has a number for each sample of the first, are samples and labels. */
function unnamedArrays(arrays: ReadonlyMap<string, NpyArray>): ReadonlyMap<string, NpyArray> {
  const [x, y] = UNNAMED.map((name) => arrays.get(name));
  const areLabels = x && y && x.shape.length > 1 && y.shape.length === 1 && x.shape[0] === y.shape[0];
  return areLabels
    ? new Map([
        ['x', x],
        ['y', y],
      ])
    : new Map();
}

/** @throws BadInputError where labels are called so, and are nothing that is read: without them another column would be predicted */
function refuseUnreadLabels(file: string, read: readonly string[], unread: readonly string[]): void {
  const found = unread.find((each) => areLabels(each.replace(/ \(.*$/, '')));
  if (found === undefined || read.some(areLabels)) return;
  const [, name = '', what = ''] = /^(.*) \((.*)\)$/.exec(found) ?? [];
  throw new BadInputError([
    pathProblem(
      `${name} in ${file} is not read: it is ${what}.`,
      'Labels are numbers, a list of texts (cellstr), or a matrix of characters.',
    ),
  ]);
}

function isUsed(key: string): boolean {
  return areSamples(key) || areLabels(key) || areGroups(key);
}

function foundNames(names: readonly string[]): string {
  if (names.length === 0) return 'files that are no arrays';
  return `${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}`;
}

async function readWhole(path: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const isTooLarge = systemCodeOf(error) === 'ERR_FS_FILE_TOO_LARGE';
    throw new BadInputError([
      isTooLarge
        ? pathProblem(`${name} has more than 2 GiB, which arrays are not read beyond.`, SMALLER_HINT)
        : pathProblem(`${name} cannot be read: ${messageOf(error)}.`, 'Check the file and its permissions.'),
    ]);
  }
}
