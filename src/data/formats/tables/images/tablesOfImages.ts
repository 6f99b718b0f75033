import { open } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { DatasetOptions, OpenContext } from '../../../dataset.ts';
import { listFolder } from '../../../location.ts';
import type { Format, Location, UnfittedSource } from '../../../source.ts';
import { isImageName } from '../../images/decoding/decodeImage.ts';
import { indexFiles } from '../../fileIndex.ts';
import { folderOfSplit, splitCalled, type SplitName } from '../../splitNames.ts';
import { namesInJson } from '../json/namesInJson.ts';
import { withImages } from './imagesOfRows.ts';
import { pairedFiles } from '../paired/pairedFiles.ts';
import { partsOfSplits, splitFiles, SUBMISSION, type SplitFiles } from '../reading/tableFiles.ts';
import type { TableReader } from '../reading/tableReader.ts';
import { readerOf, TABLE_ENDING } from '../textTableFormat.ts';
import { tablesSource } from '../tablesSource.ts';

/** What Hugging Face calls the table of an `imagefolder`, and Roboflow its own. */
const METADATA = /^(?:metadata|_classes)\.(?:csv|jsonl)$/i;
const SOUND = /\.(?:wav|mp3|flac|ogg|opus|m4a|aiff?)\b/i;
/** What tables of labels are called, where there are several. */
const LABELS = /label|annotation|metadata|classes|index|list/i;
const JSON_ENDING = /\.json$/i;
const LIST_ENDING = /\.(?:txt|lst|list)$/i;
const LINES_LOOKED_AT = 50;
const MOST_LISTS = 20;
/** Bytes that hold the names of a table's columns, and some rows. */
const OPENING = 16_384;

/** A table of labels beside folders of images, as competitions and Hugging Face's `imagefolder` have it. */
export const tablesOfImages = {
  description:
    'images with a table: a .csv, .tsv, .jsonl or .json that names images in its folder or below, by path, name or id, with a label for each; metadata.csv of ' +
    'an imagefolder',
  recognises: async (location) => (await tablesIn(location)) !== undefined,
  open: openTables,
} satisfies Format;

/** Paths of the tables of the splits. */
async function tablesIn(location: Location): Promise<SplitFiles | undefined> {
  const { folder, file, files, folders } = location;
  if (file !== undefined) return undefined;
  const metadata = await metadataIn(location);
  if (metadata) return metadata;
  const tables = files.filter((name) => TABLE_ENDING.test(name) && !SUBMISSION.test(name));
  if (tables.length === 0) return (await jsonOfImages(location)) ?? listOfImages(location);
  if (pairedFiles(location) || partsOfSplits(location, TABLE_ENDING)) return undefined;
  const likely = likelyTables({ ...location, files: tables });
  const isNear =
    files.some(isImageName) ||
    (await holdsFlatImages(folder, folders)) ||
    (await namesImagesIn(folder, folders, likely.training));
  return isNear ? likely : undefined;
}

/** Files of JSON that name images, of each split one; in the folder, or in those of the splits. */
async function jsonOfImages({ folder, files, folders }: Location): Promise<SplitFiles | undefined> {
  const own = await namingImages(folder, '.', files);
  const [only, second] = own;
  if (only !== undefined) {
    const likely = own.filter((name) => LABELS.test(name));
    if (second === undefined) return { training: only, validation: undefined, test: undefined };
    if (own.some((name) => splitCalled(name.replace(JSON_ENDING, '')) === 'training'))
      return splitFiles({ folder, file: undefined, files: own, folders: [] }, JSON_ENDING);
    return likely.length === 1 ? { training: likely[0] ?? only, validation: undefined, test: undefined } : undefined;
  }
  const within = async (split: SplitName): Promise<string | undefined> => {
    const name = folderOfSplit(folders, split);
    if (name === undefined) return undefined;
    const [found, another] = await namingImages(folder, name, (await listFolder(join(folder, name))).files);
    return another === undefined ? found : undefined;
  };
  const training = await within('training');
  return training === undefined
    ? undefined
    : { training, validation: await within('validation'), test: await within('test') };
}

/** Paths of those of the files in a folder within the root that name images which lie there or below. */
async function namingImages(root: string, folder: string, files: readonly string[]): Promise<readonly string[]> {
  const texts = files.filter((name) => JSON_ENDING.test(name));
  // A text beside every image is of that image.
  if (texts.length === 0 || texts.length > MOST_LISTS) return [];
  const index = await indexFiles(join(root, folder), isImageName, 'training');
  const naming: string[] = [];
  for (const name of texts) {
    const path = join(folder, name);
    if (await namesInJson(join(root, path), (each) => index.find(each) !== undefined)) naming.push(path);
  }
  return naming;
}

/** A text whose lines are the names of images and a label, `cat1.jpg 0`, where there is a single one. */
async function listOfImages({ folder, files, folders }: Location): Promise<SplitFiles | undefined> {
  const found: string[] = [];
  const lists = files.filter((each) => LIST_ENDING.test(each));
  // A text beside every image is of that image.
  if (lists.length > MOST_LISTS) return undefined;
  const isOnly = lists.length === 1;
  for (const name of lists) {
    const lines = (await beginningOf(join(folder, name))).split(/\r?\n/).slice(0, LINES_LOOKED_AT);
    const isList =
      lines.slice(0, -1).filter((line) => /^\S+\.[a-z]{3,4}[\s,;]+\S/i.test(line)).length > 0.9 * (lines.length - 1);
    const named = isList && (files.some(isImageName) || (await namesImagesIn(folder, folders, name, isOnly)));
    if (named && lines.slice(0, -1).every((line) => line === '' || isImageName(line.split(/[\s,;]/)[0] ?? '')))
      found.push(name);
  }
  const [only, second] = found;
  if (only === undefined) return undefined;
  if (second === undefined) return { training: only, validation: undefined, test: undefined };
  return found.some((name) => splitCalled(name.replace(LIST_ENDING, '')) === 'training')
    ? splitFiles({ folder, file: undefined, files: found, folders: [] }, LIST_ENDING)
    : undefined;
}

/**
 * Whether most of the first rows of a table name an image that lies in one of the folders, with its ending or without. A table that names
 * but a few of the images is no table of them: folders of classes may have one beside them.
 *
 * @param isListOfAll whether it may have blanks between its cells, as the only list there is
 */
async function namesImagesIn(
  root: string,
  folders: readonly string[],
  table: string,
  isListOfAll = false,
): Promise<boolean> {
  const names = new Set<string>();
  // What is called alike in several folders is told apart by the folders, which are classes then.
  const ambiguous = new Set<string>();
  let images = 0;
  for (const folder of folders) {
    const found = (await listFolder(join(root, folder))).files.filter(isImageName);
    for (const file of found) {
      for (const name of [file, file.slice(0, -extname(file).length)]) (names.has(name) ? ambiguous : names).add(name);
    }
    images += found.length;
  }
  for (const name of ambiguous) names.delete(name);
  if (names.size === 0) return false;
  const beginning = await beginningOf(join(root, table));
  const rows = beginning.split(/\r?\n/).slice(1, -1);
  const isWhole = Buffer.byteLength(beginning) < OPENING;
  if (isWhole && rows.length < images / 2) return false;
  const cellsOf = (row: string): string[] => [...row.split(/[,;\t|]/), ...(isListOfAll ? row.split(/\s+/) : [])];
  const naming = rows.filter((row) => cellsOf(row).some((cell) => names.has(basename(cell.replace(/["\s]/g, '')))));
  return rows.length > 0 && naming.length > rows.length / 2;
}

async function beginningOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(OPENING), 0, OPENING, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The metadata of an imagefolder: in the folder of each split, or in the only one. */
async function metadataIn({ folder, files, folders }: Location): Promise<SplitFiles | undefined> {
  const own = await metadataOf(folder, '.', files);
  if (own !== undefined) return { training: own, validation: undefined, test: undefined };
  const within = async (name: string | undefined): Promise<string | undefined> =>
    name === undefined ? undefined : metadataOf(folder, name, (await listFolder(join(folder, name))).files);
  const training = await within(folderOfSplit(folders, 'training'));
  if (training === undefined) return undefined;
  const validation = await within(folderOfSplit(folders, 'validation'));
  return { training, validation, test: await within(folderOfSplit(folders, 'test')) };
}

async function metadataOf(root: string, path: string, files: readonly string[]): Promise<string | undefined> {
  const name = files.find((each) => METADATA.test(each));
  if (name === undefined) return undefined;
  const [line = '', row = ''] = (await beginningOf(join(root, path, name))).split('\n');
  // That of an audiofolder is called alike.
  return /\bfile_?name\b/.test(line) && !SOUND.test(line + row) ? join(path, name) : undefined;
}

/** Whether images lie in folders that are no classes: a single one, or those of splits, with no folders in them. */
async function holdsFlatImages(root: string, folders: readonly string[]): Promise<boolean> {
  const inside = await Promise.all(folders.map(async (name) => ({ name, ...(await listFolder(join(root, name))) })));
  const withImages = inside.filter(({ files }) => files.some(isImageName));
  const others = withImages.filter(({ name }) => splitCalled(name) === undefined);
  const areFlat = inside.every((each) => each.folders.length === 0);
  return withImages.length > 0 && others.length <= 1 && areFlat;
}

function likelyTables(location: Location): SplitFiles {
  const labels = location.files.filter((name) => LABELS.test(name));
  const [only] = labels;
  const named = location.files.some((name) => splitCalled(name.replace(TABLE_ENDING, '')) === 'training');
  if (!named && only !== undefined && labels.length === 1 && location.files.length > 1) {
    return { training: only, validation: undefined, test: undefined };
  }
  return splitFiles(location, TABLE_ENDING);
}

async function openTables(location: Location, context: OpenContext, options: DatasetOptions): Promise<UnfittedSource> {
  const names = await tablesIn(location);
  if (!names) throw new TypeError('Tables that were recognised are gone.');
  const { folder } = location;
  const reader =
    (name: string): TableReader =>
    async (storage) =>
      withImages(await readerOf(join(folder, name), options.table, context)(storage), join(folder, name, '..'));
  return tablesSource(
    {
      folder,
      format: extname(names.training).slice(1).toUpperCase(),
      training: reader(names.training),
      ...(names.validation !== undefined && { validation: reader(names.validation) }),
      ...(names.test !== undefined && { test: reader(names.test) }),
    },
    context,
    options,
  );
}
