import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Problem } from '../../../errors.ts';
import { pathProblem } from '../../findings/problems.ts';
import { listFolder } from '../../location.ts';
import type { Location } from '../../source.ts';
import { isImageName } from './decoding/decodeImage.ts';

/** Names of files with the objects in images, as COCO and those who follow it call them. */
const COCO =
  /^(?:instances|person_keypoints|captions|panoptic|image_info|stuff)(?:[-_].*)?\.json$|_annotations\.coco\.json$/i;
const FILE_OF_CVAT = 'annotations.xml';
const FOLDER_OF_COCO = /^annotations$/i;
/** Folders that are looked into. */
const MOST_FOLDERS = 8;

/** Tells that a folder marks objects within images, as for detection, and has no class for an image. None where it does not. */
export async function markedObjectsProblems({ folder, files, folders }: Location): Promise<readonly Problem[]> {
  const layout = await layoutOf(folder, files, folders);
  return layout === undefined ? [] : [markedProblem(folder, layout)];
}

/** Tells the same of folders that are no classes, where a text of boxes lies beside every image. */
export async function boxesProblems({ folder, folders }: Location): Promise<readonly Problem[]> {
  for (const name of ['.', ...folders.slice(0, MOST_FOLDERS)]) {
    if (await boxesBeside(join(folder, name))) return [markedProblem(folder, 'YOLO')];
    if (await objectsBeside(join(folder, name))) return [markedProblem(folder, 'Pascal VOC')];
  }
  return [];
}

function markedProblem(folder: string, layout: string): Problem {
  return pathProblem(
    `${folder} marks objects within images, as ${layout} does: an image has boxes, and no class of its own.`,
    'Cut the objects out into a folder for each class, or give a table with a column of image paths and one of classes; with "task": "matching" images need none.',
  );
}

async function layoutOf(
  folder: string,
  files: readonly string[],
  folders: readonly string[],
): Promise<'COCO' | 'YOLO' | 'Pascal VOC' | 'KITTI' | 'CVAT' | undefined> {
  if (folders.includes('JPEGImages') && folders.includes('Annotations')) return 'Pascal VOC';
  if (files.some((name) => COCO.test(name))) return 'COCO';
  if (files.includes(FILE_OF_CVAT) && folders.includes('images')) return 'CVAT';
  if (await isYolo(folder, folders)) return 'YOLO';
  if (isKitti(folders)) return 'KITTI';
  for (const name of folders.slice(0, MOST_FOLDERS)) {
    const inside = await listFolder(join(folder, name));
    if (inside.files.some((file) => COCO.test(file)) && (FOLDER_OF_COCO.test(name) || inside.files.some(isImageName))) {
      return 'COCO';
    }
    if (await isYolo(join(folder, name), inside.folders)) return 'YOLO';
    if (isKitti(inside.folders)) return 'KITTI';
  }
  return undefined;
}

function isKitti(folders: readonly string[]): boolean {
  return folders.includes('image_2') && folders.includes('label_2');
}

/** Folders of images and of texts with the same names, side by side. */
async function isYolo(folder: string, folders: readonly string[]): Promise<boolean> {
  if (!folders.includes('images') || !folders.includes('labels')) return false;
  const labels = await listFolder(join(folder, 'labels'));
  // They may lie in folders of the splits.
  const [split] = labels.folders;
  const files = split === undefined ? labels.files : (await listFolder(join(folder, 'labels', split))).files;
  return files.length > 0 && files.every((name) => name.endsWith('.txt'));
}

/** A file beside every image that marks objects in it as Pascal VOC does. */
async function objectsBeside(folder: string): Promise<boolean> {
  const [first] = await filesBesideImages(folder, '.xml');
  return first !== undefined && /<annotation\b[^]*<object\b/.test(await readFile(join(folder, first), 'utf8'));
}

/** The files of this ending that are called like images beside them, where at least half of these have one. */
async function filesBesideImages(folder: string, ending: string): Promise<readonly string[]> {
  const { files } = await listFolder(folder);
  const stems = new Set(files.filter(isImageName).map((name) => name.slice(0, name.length - extname(name).length)));
  const beside = files.filter((name) => name.endsWith(ending) && stems.has(name.slice(0, -ending.length)));
  return beside.length < stems.size / 2 ? [] : beside;
}

/** A text of boxes beside every image: a class and four shares of the image in each line. */
async function boxesBeside(folder: string): Promise<boolean> {
  const [first] = await filesBesideImages(folder, '.txt');
  if (first === undefined) return false;
  const lines = (await readFile(join(folder, first), 'utf8')).trim().split(/\r?\n/);
  return lines.every((line) => line === '' || /^\d+(?:\s+[01]?\.?\d+(?:e-?\d+)?){4,}$/i.test(line.trim()));
}
