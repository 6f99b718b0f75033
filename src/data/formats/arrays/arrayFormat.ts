import { join } from 'node:path';
import { BadInputError } from '../../../errors.ts';
import type { DatasetOptions, OpenContext } from '../../dataset.ts';
import { information, type Finding } from '../../findings/finding.ts';
import { listFolder } from '../../location.ts';
import { pathProblem } from '../../findings/problems.ts';
import { withFindings } from '../../findings/withFindings.ts';
import type { Format, Location, UnfittedSource } from '../../source.ts';
import { isImageName } from '../images/decoding/decodeImage.ts';
import { areLabels, areSamples, partsOf, SAMPLE_NAMES, SPLIT_NAMES, TARGET_NAMES, WANTED_NAMES } from './arrayNames.ts';
import { arraysSource, type ArraySplits, type LabelledArrays } from './arraysSource.ts';
import { joinArrays } from './namedParts.ts';
import { areNames, namesBeside, type NamesBeside } from './namesBeside.ts';
import type { NpyArray } from './npy.ts';
import { areGroups, groupsAmong, type SampleGroups } from './sampleGroups.ts';
import { ARRAY_ENDING, arraysAmong, HDF5_ENDING, readArrays } from './readArrays.ts';

/** Arrays of NumPy, MATLAB or HDF5: samples and labels, for all samples or for each split. */
export const arrayFiles = {
  description:
    'arrays of NumPy, MATLAB or HDF5: an .npz, .mat or .h5 file with x_train, y_train, x_test and y_test, with x and y, or with images and labels; or a ' +
    'folder of .npy files with such names',
  recognises: ({ file, files, folders }) =>
    file === undefined ? arraysAmong(files, folders).length > 0 : ARRAY_ENDING.test(file) || HDF5_ENDING.test(file),
  open: openArrays,
} satisfies Format;

async function openArrays(location: Location, context: OpenContext, options: DatasetOptions): Promise<UnfittedSource> {
  const { training, validation, test, names, groups, notes } = await readSplits(location, context.signal);
  // What an array divides by is no column of the samples.
  const isNamed = groups !== undefined && options.split?.group === groups.name;
  const source = await arraysSource(
    {
      format: formatOf(location.file ?? ''),
      training,
      validation,
      test,
      names,
    },
    context,
    isNamed ? { ...options, split: undefined } : options,
  );
  const isUsed = groups !== undefined && (isNamed || options.split === undefined);
  return withFindings(isUsed ? { ...source, groups: groups.values } : source, [
    ...notes.map((note) => information('dataset.path', note)),
    ...(isUsed ? [stayTogether(groups)] : []),
  ]);
}

function stayTogether({ name, different }: SampleGroups): Finding {
  return information(
    'dataset.split',
    `Samples with the same value of '${name}' (${different} different) stay in one split. Leave that array out where they need not.`,
  );
}

function formatOf(file: string): string {
  if (/\.mat$/i.test(file)) return 'MATLAB';
  if (HDF5_ENDING.test(file)) return 'HDF5';
  return /\.npz$/i.test(file) ? 'NPZ' : 'NPY';
}

/** What else was read. */
interface ReadBeside {
  readonly names: NamesBeside;
  /** Which samples to train with belong together. */
  readonly groups?: SampleGroups;
  readonly notes: readonly string[];
}

/** The arrays of the splits. @throws BadInputError when there are no samples to train with */
export async function readSplits(
  location: Location,
  signal?: AbortSignal,
): Promise<Omit<ArraySplits, 'format'> & ReadBeside> {
  const notes: string[] = [];
  const read = await readArrays(location, signal, notes);
  const names = await namesBeside(read, location);
  const arrays = new Map(
    [...read].filter(([key, { words }]) => !areGroups(key) && (words === undefined || !areNames(key))),
  );
  const split = (called: readonly string[]): LabelledArrays | undefined => {
    const find = (kinds: readonly string[]): NpyArray | undefined => {
      for (const kind of kinds) {
        for (const name of called) {
          const found = arrays.get(name === '' ? kind : `${kind}_${name}`) ?? arrays.get(`${name}_${kind}`);
          if (found) return found;
        }
      }
      return undefined;
    };
    const samples = find(SAMPLE_NAMES);
    const targets = find(TARGET_NAMES);
    if (samples) return samplesFirst({ samples, targets }, location, notes);
    const parts = partsOf(arrays, called);
    const [only, second] = parts.values();
    if (second) return { ...joinArrays(parts, location.file ?? location.folder), targets };
    return only && targets && only.shape.length > 1
      ? samplesFirst({ samples: only, targets }, location, notes)
      : undefined;
  };
  if ([...arrays.keys()].some(areLabels) && ![...arrays.keys()].some(areSamples)) await refuseLabelsOfImages(location);
  const training = split(SPLIT_NAMES.training) ?? split(['']) ?? alone(arrays);
  if (!training) {
    throw new BadInputError([
      pathProblem(
        `${location.file ?? location.folder} has no array of samples, only ${[...arrays.keys()].join(', ')}.`,
        WANTED_NAMES,
      ),
    ]);
  }
  const groups = groupsAmong(read, training.samples.shape[0] ?? 0, notes);
  return {
    training,
    validation: split(SPLIT_NAMES.validation),
    test: split(SPLIT_NAMES.test),
    names,
    ...(groups && { groups }),
    notes,
  };
}

/** Refuses arrays that are labels of images in a folder beside them, as those of the flowers of Oxford, with the line that makes a table of them. */
async function refuseLabelsOfImages({ folder, files, folders, file }: Location): Promise<void> {
  if (file !== undefined) return;
  for (const name of folders) {
    if (!(await listFolder(join(folder, name))).files.some(isImageName)) continue;
    const labels = files.find((each) => /label/i.test(each) && ARRAY_ENDING.test(each)) ?? '';
    const read = /\.mat$/i.test(labels) ? `scipy.io.loadmat('${labels}')['labels']` : `numpy.load('${labels}')`;
    throw new BadInputError([
      pathProblem(
        `${folder} has labels in ${labels || 'arrays'} and images in ${name}, and nothing says which belong together.`,
        `Where they are in the order of the names, in Python: pandas.DataFrame({'file': sorted(os.listdir('${name}')), 'label': ${read}.ravel()}).to_csv('labels.csv', index=False); then name labels.csv.`,
      ),
    ]);
  }
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
  const [only, second] = arrays;
  return only && !second && !areLabels(only[0]) ? { samples: only[1], targets: undefined } : undefined;
}
