import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listFolder } from '../location.ts';
import type { Format, Location } from '../source.ts';
import { isImageName } from './images/decoding/decodeImage.ts';
import { refuseOtherFiles } from './refusedFiles.ts';

/** Folders within folders that are looked through. */
const DEEPEST = 4;

/**
 * The folder that the data lie in, where a folder holds nothing but one, as unpacked archives and torchvision's downloads do (`MNIST/raw`), or is the cache of a
 * repository of the Hugging Face hub (`snapshots/…`).
 *
 * @param formats that are told by the files of a folder, and not by the folders in it
 * @returns undefined where none of them knows what lies there
 * @throws BadInputError where it is of a kind that is not read
 */
export async function innerLocation(
  { folder, file, files, folders, archive }: Location,
  formats: readonly Format[],
): Promise<Location | undefined> {
  if (file !== undefined) return undefined;
  let inner = { folder, files, folders };
  for (let depth = 0; depth < DEEPEST; depth++) {
    const next = await onlyFolder(inner);
    if (next === undefined) return undefined;
    const path = join(inner.folder, next);
    inner = { folder: path, ...(await listFolder(path)) };
    const location: Location = { ...inner, file: undefined, ...(archive !== undefined && { archive }) };
    for (const format of formats) if (await format.recognises(location)) return location;
    if (inner.folders.length === 0 && !inner.files.some(isImageName)) await refuseOtherFiles(location);
  }
  return undefined;
}

interface Listed {
  readonly folder: string;
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

async function onlyFolder({ folder, files, folders }: Listed): Promise<string | undefined> {
  if (folders.includes('snapshots') && folders.includes('refs')) {
    const snapshots = (await listFolder(join(folder, 'snapshots'))).folders;
    const main = (await readFile(join(folder, 'refs', 'main'), 'utf8').catch(() => '')).trim();
    const [first, second] = snapshots;
    const chosen = snapshots.find((name) => name === main) ?? (second === undefined ? first : undefined);
    return chosen === undefined ? undefined : join('snapshots', chosen);
  }
  const [only, second] = folders;
  return second === undefined && files.length === 0 ? only : undefined;
}
