import { join } from 'node:path';
import { information, type Finding } from '../../findings/finding.ts';
import { listOf } from '../../findings/wording.ts';
import { listFolder } from '../../location.ts';
import type { Location } from '../../source.ts';
import { folderOfSplit, splitCalled } from '../splitNames.ts';
import { isImageName } from './decoding/decodeImage.ts';

/** Names of the folders of the splits, in the dataset's folder. */
export interface SplitFolderNames {
  /** `.` when the class folders lie directly in the dataset's folder. */
  readonly training: string;
  readonly validation: string | undefined;
  readonly test: string | undefined;
  readonly findings: readonly Finding[];
}

/** Folders within folders that an archive is unpacked to. */
const MOST_WRAPPERS = 4;

/**
 * The folder that the data lie in: where a folder holds nothing but one folder, as unpacked archives do, or images in one folder alone, it is that one,
 * unless it is a split.
 */
export async function descend(
  given: Location,
): Promise<{ readonly location: Location; readonly findings: readonly Finding[] }> {
  let location = given;
  for (let depth = 0; depth < MOST_WRAPPERS; depth++) {
    const inner = await onlyFolder(location);
    if (inner === undefined) break;
    const folder = join(location.folder, inner);
    location = { folder, file: undefined, ...(await listFolder(folder)) };
  }
  if (location === given) return { location, findings: [] };
  const [why, what] =
    given.folders.length > 1 ? ['images in one folder alone', 'images'] : ['nothing but a folder', 'data'];
  const message = `${given.folder} holds ${why}: the ${what} in ${location.folder} are used.`;
  return { location, findings: [information('dataset.path', message)] };
}

/** The only folder with images in or below it, where they lie below it; undefined elsewhere. */
async function onlyFolder({ folder, files, folders }: Location): Promise<string | undefined> {
  if (files.some(isImageName)) return undefined;
  let only: string | undefined;
  for (const name of folders) {
    if (folders.length > 1 && !(await holdsImages(join(folder, name), MOST_WRAPPERS))) continue;
    if (only !== undefined) return undefined;
    only = name;
  }
  // A split, or the only class there is, is no wrapping.
  return only !== undefined && (await listFolder(join(folder, only))).folders.length > 0 ? only : undefined;
}

async function holdsImages(folder: string, depth: number): Promise<boolean> {
  const inside = await listFolder(folder);
  if (inside.files.some(isImageName)) return true;
  for (const name of depth > 0 ? inside.folders : []) {
    if (await holdsImages(join(folder, name), depth - 1)) return true;
  }
  return false;
}

/**
 * The folders of the splits. A folder called `train` is a class like any other when images lie in it, beside folders that are no
 * splits.
 */
export async function splitFolders({ folder, folders }: Location): Promise<SplitFolderNames> {
  const whole = { training: '.', validation: undefined, test: undefined, findings: [] };
  const training = folderOfSplit(folders, 'training');
  if (training === undefined) return whole;
  const onlySplits = folders.every((name) => splitCalled(name) !== undefined);
  if (!onlySplits && (await listFolder(join(folder, training))).folders.length === 0) return whole;
  const [validation, test] = [folderOfSplit(folders, 'validation'), folderOfSplit(folders, 'test')];
  const others = folders.filter((name) => ![training, validation, test].includes(name));
  const inner = await innerSplit(folder, training);
  const within = async (name: string | undefined): Promise<string | undefined> =>
    name === undefined ? undefined : await innerSplit(folder, name);
  return {
    training: inner,
    validation: await within(validation),
    test: await within(test),
    findings: others.length === 0 ? [] : [unusedFolders(others, training)],
  };
}

/** Whether images in folders of classes lie below, in folders of splits, as those of ImageNet do beside lists of them. */
export async function holdsClassesOfSplits(given: Location): Promise<boolean> {
  const { location } = await descend(given);
  const training = location === given ? undefined : folderOfSplit(location.folders, 'training');
  if (training === undefined) return false;
  const { folders } = await listFolder(join(location.folder, training));
  return folders.length > 1 && (await holdsImages(join(location.folder, training), 1));
}

/** The folder of a split, or the only one in it of the same name, as in `seg_train/seg_train`. */
async function innerSplit(root: string, name: string): Promise<string> {
  const { folders, files } = await listFolder(join(root, name));
  const [only] = folders;
  const isSame = folders.length === 1 && only !== undefined && splitCalled(only) === splitCalled(name);
  return isSame && !files.some(isImageName) ? join(name, only) : name;
}

function unusedFolders(names: readonly string[], training: string): Finding {
  const are = names.length === 1 ? 'The folder' : 'The folders';
  const message = `${are} ${listOf(names)} beside ${training} ${names.length === 1 ? 'is' : 'are'} no split and not used.`;
  return information('dataset.path', message);
}
