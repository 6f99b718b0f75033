import { stat } from 'node:fs/promises';
import { BadInputError, messageOf, reasonOf } from '../../../../errors.ts';
import { runWatched } from '../../../../platform/processes/watchedProgram.ts';
import { throwIfCancelled } from '../../../cancellation.ts';
import { pathProblem } from '../../../findings/problems.ts';
import { excessOf } from '../../unpackedSize.ts';
import { isElementType, readValues, rowMajor, type NpyArray } from '../npy.ts';
import type { Hdf5Array, Hdf5Contents, Hdf5Message } from './hdf5Messages.ts';
import { hdf5Start, isMatlabHdf5 } from './hdf5Start.ts';
import { readChunks } from './readChunks.ts';

/** Megabytes that looking into a file may take: objects, and beside them the program and the file twice. */
const MEGABYTES = { heap: 256, beside: 256, perMegabyte: 3 } as const;
const WAY_OUT =
  "In Python: file = h5py.File(path); numpy.savez('data.npz', x=file['x'][:], y=file['y'][:]) with the names of its arrays.";

type Outcome = Extract<Hdf5Message, { kind: 'done' | 'refused' }>;

export interface Hdf5Choice {
  /** Whether an array of that name is samples or labels. */
  readonly isUsed: (name: string) => boolean;
  /** Whether it is labels; where there are nothing but such, all other arrays are parts of the samples. */
  readonly areLabels: (name: string) => boolean;
  /** Takes names of what is neither. */
  readonly others: string[];
  readonly signal: AbortSignal | undefined;
}

/**
 * Reads arrays of numbers from an HDF5 file, by their paths below the groups that all of them lie in; among them MATLAB's variables of version 7.3, whose axes are turned
 * round as MATLAB has them. A single array needs no name.
 *
 * @param bytes of the whole file
 * @throws BadInputError when it is damaged, or an array that is used holds no numbers
 * @throws DistilleryError `CANCELLED` when the signal aborts
 */
export async function readHdf5(
  path: string,
  name: string,
  bytes: Uint8Array,
  { isUsed, areLabels, others, signal }: Hdf5Choice,
): Promise<ReadonlyMap<string, NpyArray>> {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const file = whole.subarray(hdf5Start(whole) ?? 0);
  const contents = await look(path, name, signal);
  refuseTables(name, contents, isUsed);
  const unread = contents.others.find((other) => other.isLost || isUsed(lastName(other.name)));
  if (unread) throw refusal(`${unread.name} in ${name} is not read: it is ${unread.what}.`);
  const used = contents.arrays.filter((array) => isUsed(lastName(array.name)));
  const [only, second] = contents.arrays;
  const haveParts =
    used.length > 0 && used.every((array) => areLabels(lastName(array.name))) && contents.arrays.length > used.length;
  const chosen = (used.length === 0 && only && !second) || haveParts ? contents.arrays : used;
  for (const other of [...contents.arrays.filter((array) => !chosen.includes(array)), ...contents.others]) {
    others.push('what' in other ? `${other.name} (${other.what})` : other.name);
  }
  const unpacked = chosen.reduce((sum, { type, shape }) => sum + bytesOf(type, shape), 0);
  const excess = excessOf(whole.length, unpacked);
  if (excess !== undefined) throw refusal(`${name} is not read: ${excess}.`);
  const shared = sharedGroup(chosen.map((array) => array.name));
  const isMatlab = isMatlabHdf5(bytes);
  const arrays = new Map<string, NpyArray>();
  for (const array of chosen) {
    try {
      const read = numbersOf(file, array);
      arrays.set(array.name.slice(shared.length), isMatlab ? asInMatlab(read) : read);
    } catch (error) {
      throw refusal(`${array.name} in ${name} cannot be read: ${reasonOf(error)}.`);
    }
  }
  return arrays;
}

/** Parts of a table as `to_hdf` of pandas stores them: by blocks of columns of one type, or as records with an index. */
const OF_PANDAS = /^(?:(.*)\/)?(?:block\d+_(?:values|items)|axis[01]|_i_table)(?:\/|$)/;

/** @throws BadInputError when the file holds tables, and no arrays that are samples or labels, with the line that converts them */
function refuseTables(name: string, { arrays, others }: Hdf5Contents, isUsed: (name: string) => boolean): void {
  if (arrays.some((array) => isUsed(lastName(array.name)))) return;
  const key = [...arrays, ...others].map((each) => OF_PANDAS.exec(each.name)?.[1]).find((found) => found !== undefined);
  if (key !== undefined) {
    throw new BadInputError([
      pathProblem(
        `${name} holds the table '${key}' as pandas stores it, which is not read here.`,
        `In Python: pandas.read_hdf('${name}', '${key}').to_parquet('data.parquet'), which is read with its columns.`,
      ),
    ]);
  }
  const records = others.find(({ what }) => what === 'records');
  if (!records) return;
  throw new BadInputError([
    pathProblem(
      `${records.name} in ${name} is a table of records, which is not read here.`,
      `In Python: pandas.DataFrame(h5py.File('${name}')['${records.name}'][:]).to_parquet('data.parquet'), which is read with its columns.`,
    ),
  ]);
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The groups that all names begin with: `data/` of `data/x` and `data/y`. */
function sharedGroup(names: readonly string[]): string {
  const [first = '', ...others] = names;
  for (let end = first.lastIndexOf('/'); end > 0; end = first.lastIndexOf('/', end - 1)) {
    const group = first.slice(0, end + 1);
    if (others.every((name) => name.startsWith(group))) return group;
  }
  return '';
}

/** What the file holds, as a process of its own finds out. */
async function look(path: string, name: string, signal: AbortSignal | undefined): Promise<Hdf5Contents> {
  const megabytes = (await stat(path)).size / 2 ** 20;
  const outcome = await runWatched<Hdf5Message, Outcome>({
    program: 'hdf5Process',
    caller: import.meta.url,
    args: [path],
    heap: MEGABYTES.heap,
    most: MEGABYTES.heap + MEGABYTES.beside + Math.ceil(MEGABYTES.perMegabyte * megabytes),
    signal,
    hear: (message) => (message.kind === 'progress' ? message : { result: message }),
    refused: (reason) => ({ kind: 'refused', reason }),
  }).catch((error: unknown): Outcome => ({ kind: 'refused', reason: messageOf(error) }));
  throwIfCancelled(signal);
  if (outcome.kind === 'refused') {
    throw new BadInputError([
      pathProblem(
        `${name} cannot be read as HDF5: ${outcome.reason}.`,
        'Fetch the file again, or save it again, without links to other files.',
      ),
    ]);
  }
  return outcome.contents;
}

function bytesOf(type: string, shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, Number(type.slice(2)));
}

function numbersOf(file: Buffer, { type, shape, storage, fill }: Hdf5Array): NpyArray {
  const kind = type.slice(1);
  if (!isElementType(kind)) throw new Error(`it holds values of type ${type}`);
  const size = Number(kind.slice(1));
  const length = bytesOf(type, shape);
  const elements = (): Buffer =>
    fill.length === size ? Buffer.alloc(length, Uint8Array.from(fill)) : Buffer.alloc(length);
  const read = (): Buffer => {
    switch (storage.kind) {
      case 'whole': {
        const end = storage.address + length;
        if (end > file.length) throw new Error('it is cut off');
        return file.subarray(storage.address, end);
      }
      case 'chunks': {
        const into = elements();
        const { tree, shape: chunk, filters } = storage;
        if (tree !== undefined) readChunks(file, tree, { shape, size, chunk, filters }, into);
        return into;
      }
      case 'none':
        return elements();
    }
  };
  const values = readValues(read(), { type: kind, littleEndian: type.startsWith('<') }, length / size);
  return { shape, type: kind, values };
}

/** MATLAB's first axis runs fastest, so HDF5 has its axes in the opposite order; vectors lose the axis that MATLAB gives them. */
function asInMatlab({ shape, type, values }: NpyArray): NpyArray {
  const axes = shape.length === 2 && shape.includes(1) ? [Math.max(...shape)] : shape.toReversed();
  return { shape: axes, type, values: axes.length > 1 ? rowMajor(values, axes) : values };
}

function refusal(message: string): BadInputError {
  return new BadInputError([pathProblem(message, WAY_OUT)]);
}
