import { join } from 'node:path';
import { listFolder } from '../../location.ts';
import type { Location } from '../../source.ts';
import { isImageName } from '../images/decoding/decodeImage.ts';
import { folderOfSplit, isMostlyOf, type SplitName } from '../splitNames.ts';

const RECORDING_NAME = /\.wav$/i;
/** Sound that is not read; the way out is told. */
const OTHER_SOUND = /\.(?:mp3|flac|ogg|opus|m4a|aac|wma|aiff?)$/i;
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

/** Whether there is more sound than anything else in the folders of classes, directly or below those of the splits. */
export function holdsRecordings({ folder, folders }: Location): Promise<boolean> {
  return isMostlyOf(folder, folders, (name) => {
    if (RECORDING_NAME.test(name) || OTHER_SOUND.test(name)) return 'wanted';
    return isImageName(name) || /\.txt$/i.test(name) ? 'other' : undefined;
  });
}

/** Lists the recordings of every split, the training first, without opening them. @throws BadInputError when a folder cannot be read */
export async function listRecordings({ folder, folders }: Location): Promise<readonly ListedSplit[]> {
  const training = folderOfSplit(folders, 'training');
  if (training === undefined) return [await listSplit(folder, 'training', '')];
  const others = (['validation', 'test'] as const).flatMap((split) => {
    const path = folderOfSplit(folders, split);
    return path === undefined ? [] : [listSplit(folder, split, path)];
  });
  return Promise.all([listSplit(folder, 'training', training), ...others]);
}

async function listSplit(root: string, name: SplitName, path: string): Promise<ListedSplit> {
  const { files, folders } = await listFolder(join(root, path));
  const strays = files.map((file) => join(path, file));
  const classes: ListedClass[] = [];
  for (const folder of folders) {
    const inside = await listFolder(join(root, path, folder));
    const all = inside.files.map((file) => join(path, folder, file));
    const recordings = all.filter((file) => RECORDING_NAME.test(file));
    strays.push(...all.filter((file) => !RECORDING_NAME.test(file)));
    classes.push({ name: folder, files: recordings });
  }
  return { name, path, classes, strays };
}
