import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInputError, messageOf } from '../../../errors.ts';
import type { DatasetOptions, OpenContext } from '../../dataset.ts';
import { information } from '../../findings/finding.ts';
import { listFolder } from '../../location.ts';
import { pathProblem } from '../../findings/problems.ts';
import { withFindings } from '../../findings/withFindings.ts';
import type { Format, Location, UnfittedSource } from '../../source.ts';
import { isImageName } from '../images/decoding/decodeImage.ts';
import { arraysSource, type ArraySplits, type LabelledArrays } from './arraysSource.ts';
import { joinArrays } from './namedParts.ts';
import { parseNpy, type NpyArray } from './npy.ts';
import { hdf5Start } from './hdf5/hdf5Start.ts';
import { readHdf5 } from './hdf5/readHdf5.ts';
import { parseMat } from './mat.ts';
import { parseNpz } from './npz.ts';

const ENDING = /\.(?:np[yz]|mat)$/i;
/** Texts that tell of data. */
const BESIDE = /^(?:readme|licen[cs]e)|\.(?:md|txt)$/i;
const HDF5_ENDING = /\.(?:h5|hdf5|he5)$/i;
const SAMPLE_NAMES = ['x', 'images', 'data', 'samples', 'inputs', 'features', 'fea'];
const TARGET_NAMES = ['y', 'labels', 'targets', 'label', 'target', 'gnd'];
/** What NumPy calls arrays that have no names. */
const UNNAMED = ['arr_0', 'arr_1'];
const SPLIT_NAMES = {
  training: ['train', 'training', 'train_set'],
  validation: ['val', 'valid', 'validation', 'val_set', 'dev_set'],
  test: ['test', 'testing', 'test_set'],
} as const;

/** What several arrays begin with that together are the samples; `x_image` and `x_age` may be called `image` and `age` as well. */
const PART = /^(?:x|input|inputs)_(?=.)/;

const WANTED_NAMES =
  `Call the samples ${SAMPLE_NAMES.join(', ')} and their targets ${TARGET_NAMES.join(', ')}; for each split x_train, y_train, x_test ` +
  'and y_test. Several arrays that are the samples together are called x_image, x_age and the like.';

/** What holds more than arrays may. */
const SMALLER_HINT = 'Save them in a smaller type, such as uint8 for images, or as Parquet or a folder of images.';

/** Arrays of NumPy, MATLAB or HDF5: samples and labels, for all samples or for each split. */
export const arrayFiles = {
  description:
    'arrays of NumPy, MATLAB or HDF5: an .npz, .mat or .h5 file with x_train, y_train, x_test and y_test, with x and y, or with images and labels; or a ' +
    'folder of .npy files with such names',
  recognises: ({ file, files, folders }) =>
    file === undefined ? arraysAmong(files, folders).length > 0 : ENDING.test(file) || HDF5_ENDING.test(file),
  open: openArrays,
} satisfies Format;

/** Files of arrays in a folder. HDF5 files may as well be the weights of a network beside data, unless nothing else lies there. */
function arraysAmong(files: readonly string[], folders: readonly string[]): readonly string[] {
  const arrays = files.filter((name) => ENDING.test(name));
  if (arrays.length > 0) return arrays;
  const stored = files.filter((name) => HDF5_ENDING.test(name));
  const isAlone = folders.length === 0 && files.every((name) => HDF5_ENDING.test(name) || BESIDE.test(name));
  return isAlone ? stored : [];
}

async function openArrays(location: Location, context: OpenContext, options: DatasetOptions): Promise<UnfittedSource> {
  const { training, validation, test, notes } = await readSplits(location, context.signal);
  const source = await arraysSource(
    {
      format: formatOf(location.file ?? ''),
      training,
      validation,
      test,
    },
    context,
    options,
  );
  return withFindings(
    source,
    notes.map((note) => information('dataset.path', note)),
  );
}

function formatOf(file: string): string {
  if (/\.mat$/i.test(file)) return 'MATLAB';
  if (HDF5_ENDING.test(file)) return 'HDF5';
  return /\.npz$/i.test(file) ? 'NPZ' : 'NPY';
}

/** The arrays of the splits. @throws BadInputError when there are no samples to train with */
export async function readSplits(
  location: Location,
  signal?: AbortSignal,
): Promise<Omit<ArraySplits, 'format'> & { readonly notes: readonly string[] }> {
  const notes: string[] = [];
  const arrays = await readArrays(location, signal, notes);
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
    const targets = find(TARGET_NAMES);
    if (samples) return samplesFirst({ samples, targets }, location, notes);
    const parts = partsOf(arrays, names);
    return parts.size > 1 ? { ...joinArrays(parts, location.file ?? location.folder), targets } : undefined;
  };
  if ([...arrays.keys()].some(areLabels) && ![...arrays.keys()].some(isSamples)) await refuseLabelsOfImages(location);
  const training = split(SPLIT_NAMES.training) ?? split(['']) ?? alone(arrays);
  if (!training) {
    throw new BadInputError([
      pathProblem(
        `${location.file ?? location.folder} has no array of samples, only ${[...arrays.keys()].join(', ')}.`,
        WANTED_NAMES,
      ),
    ]);
  }
  return { training, validation: split(SPLIT_NAMES.validation), test: split(SPLIT_NAMES.test), notes };
}

/** Refuses arrays that are labels of images in a folder beside them, as those of the flowers of Oxford, with the line that makes a table of them. */
async function refuseLabelsOfImages({ folder, files, folders, file }: Location): Promise<void> {
  if (file !== undefined) return;
  for (const name of folders) {
    if (!(await listFolder(join(folder, name))).files.some(isImageName)) continue;
    const labels = files.find((each) => /label/i.test(each) && ENDING.test(each)) ?? '';
    const read = /\.mat$/i.test(labels) ? `scipy.io.loadmat('${labels}')['labels']` : `numpy.load('${labels}')`;
    throw new BadInputError([
      pathProblem(
        `${folder} has labels in ${labels || 'arrays'} and images in ${name}, and nothing says which belong together.`,
        `Where they are in the order of the names, in Python: pandas.DataFrame({'file': sorted(os.listdir('${name}')), 'label': ${read}.ravel()}).to_csv('labels.csv', index=False); then name labels.csv.`,
      ),
    ]);
  }
}

/** The arrays of a split that together are its samples, by their names without the split: those that begin with `x_`, else all but labels. */
function partsOf(arrays: ReadonlyMap<string, NpyArray>, names: readonly string[]): Map<string, NpyArray> {
  const splits = Object.values(SPLIT_NAMES).flat() as readonly string[];
  const found = [...arrays].flatMap(([key, array]): [string, NpyArray][] => {
    const split = splits.find((name) => key.startsWith(`${name}_`) || key.endsWith(`_${name}`));
    const own =
      split === undefined
        ? key
        : key.startsWith(`${split}_`)
          ? key.slice(split.length + 1)
          : key.slice(0, -split.length - 1);
    return names.includes(split ?? '') && !TARGET_NAMES.includes(own) ? [[own, array]] : [];
  });
  const marked = found.filter(([name]) => PART.test(name));
  const parts = (marked.length > 1 ? marked : found).map(([name, array]) => [name.replace(PART, ''), array] as const);
  // Files, and the splits of one, may have them in any order.
  return new Map(parts.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** MATLAB's arrays often have a sample in every column, or along the last axis: it is so where only that one has as many as there are labels. */
function samplesFirst(arrays: LabelledArrays, { file, files }: Location, notes: string[]): LabelledArrays {
  const { samples, targets } = arrays;
  const count = targets?.shape[0] ?? 0;
  const { shape } = samples;
  const isMatlab = (file === undefined ? files : [file]).some((name) => /\.mat$/i.test(name));
  if (!isMatlab || targets?.shape.length !== 1 || shape.length < 2) return arrays;
  if (shape[0] === count || shape.at(-1) !== count) return arrays;
  notes.push(
    `The samples${file === undefined ? '' : ` of ${file}`} lie along the last axis of [${shape.join(', ')}], which is as long as there are labels.`,
  );
  return { samples: lastAxisFirst(samples), targets };
}

function lastAxisFirst({ shape, values, type }: NpyArray): NpyArray {
  const count = shape.at(-1) ?? 0;
  const size = values.length / count;
  const moved = values.slice();
  for (let sample = 0; sample < count; sample++) {
    for (let at = 0; at < size; at++) moved[sample * size + at] = values[at * count + sample] ?? 0;
  }
  return { shape: [count, ...shape.slice(0, -1)], values: moved, type };
}

/** A single array needs no name. */
function alone(arrays: ReadonlyMap<string, NpyArray>): LabelledArrays | undefined {
  const [only, second] = arrays.values();
  return only && !second ? { samples: only, targets: undefined } : undefined;
}

/** Arrays by their lower-cased names. */
async function readArrays(
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
      for (const [key, array] of parseMat(bytes, name, others)) keep(name, key, array);
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
  const arrays = parseNpz(bytes, name, (key) => isUsed(key) || (others.push(key), false));
  if (arrays.size > 0) {
    return [...arrays.keys()].every(areLabels) && others.length > 1 ? parseNpz(bytes, name, () => true) : arrays;
  }
  if (others.join() !== UNNAMED.join()) return arrays;
  const unnamed = unnamedArrays(parseNpz(bytes, name, () => true));
  if (unnamed.size > 0)
    notes.push(`The arrays of ${name} have no names: the first is taken for the samples, the second for their labels.`);
  return unnamed;
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

/** The key with the split that the file is called like, unless it names one itself: `x` of `photos_train_x.h5` is `train_x`. */
function withSplit(file: string, key: string): string {
  const words = file.toLowerCase().split(/[-_. ]/);
  const own = key.split('_');
  const split = Object.values(SPLIT_NAMES)
    .flat()
    .find((name) => words.includes(name));
  const isNamed = Object.values(SPLIT_NAMES)
    .flat()
    .some((name) => own.includes(name));
  return split === undefined || isNamed ? key : `${split}_${key}`;
}

function foundNames(names: readonly string[]): string {
  if (names.length === 0) return 'files that are no arrays';
  return `${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}`;
}

function areLabels(key: string): boolean {
  return key
    .toLowerCase()
    .split(/[_/]/)
    .some((word) => TARGET_NAMES.includes(word));
}

function isSamples(key: string): boolean {
  return key
    .toLowerCase()
    .split(/[_/]/)
    .some((word) => SAMPLE_NAMES.includes(word));
}

function isUsed(key: string): boolean {
  const kinds = [...SAMPLE_NAMES, ...TARGET_NAMES];
  return key
    .toLowerCase()
    .split(/[_/]/)
    .some((word) => kinds.includes(word));
}

async function readWhole(path: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_FS_FILE_TOO_LARGE';
    throw new BadInputError([
      isTooLarge
        ? pathProblem(`${name} has more than 2 GiB, which arrays are not read beyond.`, SMALLER_HINT)
        : pathProblem(`${name} cannot be read: ${messageOf(error)}.`, 'Check the file and its permissions.'),
    ]);
  }
}
