import { join } from 'node:path';
import { listFolder } from '../../location.ts';
import type { Location } from '../../source.ts';
import { isImageName } from '../images/decoding/decodeImage.ts';
import { information, type Finding } from '../../findings/finding.ts';
import type { Targets } from '../../targets.ts';
import { splitLists } from '../splitLists.ts';
import { folderOfSplit, isMostlyOf, type SplitName } from '../splitNames.ts';

const RECORDING_NAME = /\.wav$/i;
/** Sound that is not read; the way out is told. */
const OTHER_SOUND = /\.(?:mp3|flac|ogg|opus|m4a|aac|wma|aiff?)$/i;
const NOISE = /^_?background[-_ ]?noises?_?$/i;
/** The recordings of one class, with their paths from the dataset's folder. */
export interface ListedClass {
  readonly name: string;
  readonly files: readonly string[];
}

/** What is in the folder of a split. */
export interface ListedSplit {
  readonly name: SplitName;
  readonly path: string;
  readonly classes: readonly ListedClass[];
  /** Files that are no WAV recordings, and recordings that lie in no folder of a class. */
  readonly strays: readonly string[];
}

/** The recordings of a split, with what is to be predicted of them. */
export interface RecordingList {
  readonly name: SplitName;
  /** Paths from the dataset's folder. */
  readonly files: readonly string[];
  readonly targets: Targets;
  readonly strays: readonly string[];
}

/** Whether a file is called as recordings are. */
export function isRecordingName(name: string): boolean {
  return RECORDING_NAME.test(name);
}

/** Whether a file is sound, read here or not. */
export function isSoundName(name: string): boolean {
  return isRecordingName(name) || OTHER_SOUND.test(name);
}

/** Whether there is more sound than anything else in the folders of classes, directly or below those of the splits. */
export async function holdsRecordings({ folder, folders, files }: Location): Promise<boolean> {
  if (files.filter(isSoundName).length > 1) return true;
  return isMostlyOf(folder, folders, (name) => {
    if (RECORDING_NAME.test(name) || OTHER_SOUND.test(name)) return 'wanted';
    return isImageName(name) || /\.txt$/i.test(name) ? 'other' : undefined;
  });
}

/** What the folders of classes hold. */
export interface ListedRecordings {
  readonly splits: readonly ListedSplit[];
  readonly findings: readonly Finding[];
}

/**
 * Lists the recordings of every split, the training first, without opening them. Splits are folders, or what lists beside the folders of classes name
 * (`testing_list.txt`).
 *
 * @throws BadInputError when a folder cannot be read
 */
export async function listRecordings({ folder, folders }: Location): Promise<ListedRecordings> {
  const training = folderOfSplit(folders, 'training');
  if (training === undefined) return splitByLists(folder, withoutNoise(await listSplit(folder, 'training', '')));
  const others = (['validation', 'test'] as const).flatMap((split) => {
    const path = folderOfSplit(folders, split);
    return path === undefined ? [] : [listSplit(folder, split, path)];
  });
  return { splits: await Promise.all([listSplit(folder, 'training', training), ...others]), findings: [] };
}

async function splitByLists(folder: string, { splits, findings }: ListedRecordings): Promise<ListedRecordings> {
  const [whole] = splits;
  const lists =
    whole &&
    (await splitLists(
      [folder],
      whole.classes.flatMap(({ files }) => files),
    ));
  if (!lists) return { splits, findings };
  const parts = (['training', 'validation', 'test'] as const).map((name): ListedSplit => ({
    ...whole,
    name,
    classes: whole.classes.map((each) => ({
      ...each,
      files: each.files.filter((file) => lists.splitOf(file) === name),
    })),
    strays: name === 'training' ? whole.strays.filter((file) => !/\.txt$/i.test(file)) : [],
  }));
  const isFilled = ({ name, classes }: ListedSplit): boolean =>
    name === 'training' || classes.some(({ files }) => files.length > 0);
  return { splits: parts.filter(isFilled), findings: [...findings, ...lists.findings] };
}

/** A folder of noise beside those of the classes, which is there to be mixed in. */
function withoutNoise(split: ListedSplit): ListedRecordings {
  const noise = split.classes.filter(({ name }) => NOISE.test(name));
  const told = noise.map(({ name, files }) =>
    information(
      'dataset.path',
      `The ${files.length} recordings in ${name} are noise to be mixed in, and no class; they are not used.`,
    ),
  );
  const classes = split.classes.filter((each) => !noise.includes(each));
  return { splits: [{ ...split, classes }], findings: told };
}

async function listSplit(root: string, name: SplitName, path: string): Promise<ListedSplit> {
  const { files, folders } = await listFolder(join(root, path));
  const strays = files.map((file) => join(path, file));
  const classes: ListedClass[] = [];
  for (const folder of folders) {
    const inside = await listFolder(join(root, path, folder));
    const all = inside.files.map((file) => join(path, folder, file));
    const recordings = all.filter((file) => RECORDING_NAME.test(file));
    for (const file of all) if (!RECORDING_NAME.test(file)) strays.push(file);
    classes.push({ name: folder, files: recordings });
  }
  return { name, path, classes, strays };
}
