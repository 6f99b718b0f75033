import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What may be learned from, by the endings of files. */
const TABLES = /\.(?:csv|tsv|parquet|arrow|jsonl|npz|mat|h5|hdf5|xlsx|ods|arff|sqlite|tfrecord)$/i;
const SAMPLES = /\.(?:png|jpe?g|bmp|gif|webp|tiff?|p[bgpn]m|wav|txt)$/i;
const DIGITS = /idx3-ubyte(?:\.gz)?$|^data_batch_\d/i;
const SPLITS = /^(?:train(?:ing)?|val(?:id(?:ation)?)?|test(?:ing)?|dev)$/i;
/** Not looked into. */
const ELSEWHERE = /^\.|^(?:node_modules|__pycache__|venv|dist|build)$/i;

/** Looking is cheap, but a workspace may be a home folder. */
const MOST_FOLDERS = 300;
const MOST_DEPTH = 3;
const MOST_FOUND = 20;
/** Entries of a folder that show what is in it. */
const ENOUGH = 50;

/**
 * What in a folder looks like data, by names alone: tables and arrays, folders with a folder of images, recordings or texts for every
 * class, alone or below `train` and the like, and files of digits. Those that lie higher come first.
 */
export async function findData(root: string): Promise<readonly string[]> {
  const found: string[] = [];
  let level: readonly string[] = [root];
  let left = MOST_FOLDERS;
  for (let depth = 0; depth < MOST_DEPTH && level.length > 0 && found.length < MOST_FOUND; depth++) {
    const below: string[] = [];
    for (const folder of level.slice(0, left)) {
      left--;
      const entries = await entriesOf(folder);
      const folders = foldersIn(entries);
      const isWhole = folder !== root && (await isDataset(folder, entries, folders));
      if (isWhole) found.push(folder);
      else {
        found.push(...filesIn(entries).flatMap((name) => (TABLES.test(name) ? [join(folder, name)] : [])));
        below.push(...folders.map((name) => join(folder, name)));
      }
    }
    level = below;
  }
  return found.slice(0, MOST_FOUND);
}

async function isDataset(folder: string, entries: readonly Dirent[], folders: readonly string[]): Promise<boolean> {
  if (filesIn(entries).some((name) => DIGITS.test(name))) return true;
  if (await hasClasses(folder, folders)) return true;
  for (const split of folders.filter((name) => SPLITS.test(name))) {
    const inside = join(folder, split);
    if (await hasClasses(inside, foldersIn(await entriesOf(inside)))) return true;
  }
  return false;
}

/** Whether the first folders hold samples each. */
async function hasClasses(folder: string, folders: readonly string[]): Promise<boolean> {
  const classes = folders.filter((name) => !SPLITS.test(name)).slice(0, 2);
  if (classes.length < 2) return false;
  for (const name of classes) {
    const files = filesIn(await entriesOf(join(folder, name))).slice(0, ENOUGH);
    if (!files.some((file) => SAMPLES.test(file))) return false;
  }
  return true;
}

function foldersIn(entries: readonly Dirent[]): readonly string[] {
  return entries.flatMap((entry) => (entry.isDirectory() && !ELSEWHERE.test(entry.name) ? [entry.name] : [])).sort();
}

function filesIn(entries: readonly Dirent[]): readonly string[] {
  return entries.flatMap((entry) => (entry.isFile() ? [entry.name] : [])).sort();
}

/** Nothing of a folder that may not be read. */
async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
