import { realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { listFolder } from '../../location.ts';
import { isImageName } from './decoding/decodeImage.ts';

/** A folder of images and of folders with images. Paths are relative to the dataset's folder. */
export interface FolderTree {
  readonly name: string;
  readonly path: string;
  /** Names of the images that lie in it. */
  readonly images: readonly string[];
  /** Names of files in it that are no images. */
  readonly strays: readonly string[];
  readonly folders: readonly FolderTree[];
}

/** Folders within folders that are looked at. */
const DEEPEST = 6;

/** Lists a folder and those in it, without opening files; links that lead back are not followed. @throws BadInputError when one cannot be read */
export async function readFolderTree(root: string, path: string): Promise<FolderTree> {
  return readTree(root, path, []);
}

async function readTree(root: string, path: string, above: readonly string[]): Promise<FolderTree> {
  const inside = await listFolder(join(root, path));
  const own = await realpath(join(root, path));
  const folders: FolderTree[] = [];
  const isRepeated = above.includes(own);
  if (above.length < DEEPEST && !isRepeated) {
    for (const each of inside.folders) folders.push(await readTree(root, join(path, each), [...above, own]));
  }
  return {
    name: basename(path),
    path,
    images: isRepeated ? [] : inside.files.filter(isImageName),
    strays: isRepeated ? [] : inside.files.filter((file) => !isImageName(file)),
    folders,
  };
}

/** Paths of the images in and below a folder. */
export function imagesBelow({ path, images, folders }: FolderTree): readonly string[] {
  return [...images.map((name) => join(path, name)), ...folders.flatMap(imagesBelow)];
}

/** Paths of the files in and below a folder that are no images. */
export function straysBelow({ path, strays, folders }: FolderTree): readonly string[] {
  return [...strays.map((name) => join(path, name)), ...folders.flatMap(straysBelow)];
}

/** Number of images in and below a folder. */
export function countImages({ images, folders }: FolderTree): number {
  return folders.reduce((sum, folder) => sum + countImages(folder), images.length);
}
