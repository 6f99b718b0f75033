import { basename, join } from 'node:path';
import { pathProblem } from '../../findings/problems.ts';
import type { Problem } from '../../../errors.ts';
import { information, warning, type Finding } from '../../findings/finding.ts';
import { listOf } from '../../findings/wording.ts';
import { classesOfNames } from './classesOfNames.ts';
import { countImages, imagesBelow, readFolderTree, straysBelow, type FolderTree } from './folderTree.ts';
import { unreadableProblems } from './unreadableKinds.ts';
import { findMaskFolders, withoutMaskFiles, type MaskFolder } from './maskFolders.ts';

/** The images of one class. Paths are relative to the dataset's folder. */
export interface ClassFolder {
  readonly name: string;
  readonly path: string;
  readonly files: readonly string[];
  readonly hasFolders: boolean;
  /** Paths of files that are no images. */
  readonly strays: readonly string[];
}

/** Which folders are the classes where images lie in folders within folders. */
export type ClassDepth = 'outermost' | 'innermost';

/** A folder with a folder for every class, in the order of their names. */
export interface SplitFolder {
  /** Absolute path. */
  readonly folder: string;
  readonly classes: readonly ClassFolder[];
  /** Whether the classes are no folders, but what the names of images begin with. */
  readonly isByName: boolean;
  /** Number of images that lie beside the class folders. */
  readonly looseImages: number;
  /** Which folders are the classes; undefined where images lie in no folders within folders. */
  readonly depth: ClassDepth | undefined;
  /** Paths of all files below it that are no images. */
  readonly strays: readonly string[];
  /** Paths of folders beside those of the classes that hold other files and no images. */
  readonly asides: readonly string[];
  /** Folders of masks, which are no classes. */
  readonly masks: readonly MaskFolder[];
  /** Paths of masks that lie beside their images. */
  readonly maskFiles: readonly string[];
  /** Paths of folders that hold the folders of the classes again. */
  readonly copies: readonly string[];
}

/**
 * Lists the images of the folder `name` of a dataset, class by class, without opening them.
 *
 * @param depth which folders are the classes; by default what they are called tells
 * @throws BadInputError when a folder cannot be read
 */
export async function listImages(root: string, name: string, depth?: ClassDepth): Promise<SplitFolder> {
  return classesIn(root, await readFolderTree(root, name), depth);
}

/** The classes of a folder that was listed. */
function classesIn(root: string, listed: FolderTree, wanted?: ClassDepth): SplitFolder {
  const { tree: unmasked, masks } = withoutMasks(listed);
  const { tree: whole, masks: maskFiles } = withoutMaskFiles(unmasked);
  const { tree, copies } = withoutCopies(whole);
  const isNested = tree.folders.some((folder) => folder.folders.some((inner) => countImages(inner) > 0));
  const depth = isNested ? (wanted ?? likelyDepth(tree.folders)) : undefined;
  const all =
    depth === 'innermost'
      ? tree.folders.flatMap((folder) => innermost(folder, folder.name))
      : tree.folders.map((folder) => wholeClass(folder, folder.name));
  const isAside = (each: ClassFolder): boolean =>
    each.files.length === 0 && each.strays.length > 0 && unreadableProblems(each.strays).length === 0;
  const others = all.filter((each) => !isAside(each));
  const [classes, asides] = others.length < 2 ? [all, []] : [others, all.filter(isAside).map(({ path }) => path)];
  const strays = straysBelow(tree);
  const folder = join(root, tree.path);
  const flat = onlyFolderOfImages(tree) ?? tree;
  const named = classesOfNames(flat).map((each): ClassFolder => {
    return { ...each, path: flat.path, hasFolders: false, strays: [] };
  });
  const common = { folder, depth, strays, masks, maskFiles, copies };
  if (named.length > 0) return { ...common, classes: named, isByName: true, looseImages: 0, asides: [] };
  return { ...common, classes, isByName: false, looseImages: tree.images.length, asides };
}

/** The only folder that holds images, where they lie in it and not below it; undefined elsewhere. */
function onlyFolderOfImages({ images, folders }: FolderTree): FolderTree | undefined {
  const [only, second] = folders.filter((folder) => countImages(folder) > 0);
  const isFlat = only !== undefined && !second && images.length === 0 && only.images.length === countImages(only);
  return isFlat ? { ...only, folders: [] } : undefined;
}

/**
 * The outermost folders where what lies in them tells nothing apart: each holds one folder, or all hold folders of the same names
 * (`cats/2019`, `dogs/2019`), or of names that only count them (`walk/v_walk_g01`, `run/video2`), or images lie in them, too; else the innermost (`animals/cats`,
 * `plants/roses`).
 */
function likelyDepth(folders: readonly FolderTree[]): ClassDepth {
  const nested = folders.filter((folder) => countImages(folder) > folder.images.length);
  if (nested.some(({ images }) => images.length > 0)) return 'outermost';
  const inner = nested.map((folder) => folder.folders.filter((each) => countImages(each) > 0).map(({ name }) => name));
  if (nested.length > 1 && inner.every((names) => names.length === 1)) return 'outermost';
  const [first = [], ...others] = inner;
  const areAlike = others.length > 0 && others.every((names) => names.join('/') === first.join('/'));
  return areAlike || areCounted(nested, inner) ? 'outermost' : 'innermost';
}

/** Whether the names of folders within several differ in nothing but numbers, and the name of the folder that they are in: scenes of a film, persons, visits. */
function areCounted(outer: readonly FolderTree[], inner: readonly (readonly string[])[]): boolean {
  const names = inner.flat();
  if (outer.length < 2 || names.length <= outer.length || !names.every((name) => /\d/.test(name))) return false;
  const stems = outer.flatMap(({ name }, at) =>
    (inner[at] ?? []).map((each) => each.toLowerCase().replace(name.toLowerCase(), '').replaceAll(/\d+/g, '')),
  );
  return new Set(stems).size === 1 && !/class|label|categor|species|kind|type/.test(stems[0] ?? '');
}

function wholeClass(folder: FolderTree, name: string): ClassFolder {
  return {
    name,
    path: folder.path,
    files: imagesBelow(folder),
    hasFolders: folder.folders.length > 0,
    strays: straysBelow(folder),
  };
}

/** Every folder with images in it is a class, called by the way to it. */
function innermost(folder: FolderTree, name: string): readonly ClassFolder[] {
  const inside = folder.folders.filter((each) => countImages(each) > 0);
  const own = wholeClass({ ...folder, folders: [] }, name);
  const others = inside.flatMap((each) => innermost(each, `${name}/${each.name}`));
  return own.files.length > 0 || others.length === 0 ? [own, ...others] : others;
}

function withoutMasks(tree: FolderTree): { readonly tree: FolderTree; readonly masks: readonly MaskFolder[] } {
  const found = findMaskFolders(tree.folders);
  const inside = tree.folders
    .filter((folder) => !found.some(({ masks }) => masks === folder))
    .map((folder) => withoutMasks(folder));
  return {
    tree: { ...tree, folders: inside.map((each) => each.tree) },
    masks: [...found, ...inside.flatMap(({ masks }) => masks)],
  };
}

/** Without folders that hold folders of the same names as those beside them, as archives that were packed twice do. */
function withoutCopies(tree: FolderTree): { readonly tree: FolderTree; readonly copies: readonly string[] } {
  const namesIn = (folders: readonly FolderTree[]): string =>
    folders
      .filter((folder) => countImages(folder) > 0)
      .map(({ name }) => name)
      .join('/');
  const isCopy = (folder: FolderTree): boolean =>
    folder.images.length === 0 &&
    folder.folders.length > 1 &&
    namesIn(folder.folders) === namesIn(tree.folders.filter((other) => other !== folder));
  const copies = tree.folders.filter(isCopy);
  if (copies.length !== 1) return { tree, copies: [] };
  const folders = tree.folders.filter((folder) => !copies.includes(folder));
  return { tree: { ...tree, folders }, copies: copies.map(({ path }) => path) };
}

/** Says which folders hold the classes again. */
export function copyFindings({ copies }: SplitFolder): readonly Finding[] {
  return copies.map((path) =>
    warning(
      'dataset.path',
      `The folder ${path} holds the folders of the classes again, and is not used.`,
      'Remove it if it is a copy.',
    ),
  );
}

/** Says which folders were taken for classes where that is not plain, and how to change it. */
export function depthFindings({ depth, classes }: SplitFolder): readonly Finding[] {
  if (depth === undefined) return [];
  const some = listOf(classes.slice(0, 3).map(({ name }) => name));
  const message =
    depth === 'innermost'
      ? `Images lie in folders within folders: the innermost folders are the classes, such as ${some}.`
      : `Images lie in folders within folders: the outermost folders are the classes, such as ${some}, with all that lies below them.`;
  const other = depth === 'innermost' ? 'outermost' : 'innermost';
  return [information('dataset.classFolders', `${message} dataset.classFolders: '${other}' takes the others.`)];
}

/** Says that classes were taken from the names of images. */
export function nameFindings({ isByName, classes, folder }: SplitFolder): readonly Finding[] {
  if (!isByName) return [];
  const some = classes
    .slice(0, 3)
    .map(({ name, files }) => `'${name}' (${files.length}, such as ${basename(files[0] ?? '')})`);
  const more = classes.length > some.length ? ` and ${classes.length - some.length} more` : '';
  const message = `There are no folders of classes in ${folder}: the classes are what the names of the images begin with, ${some.join(', ')}${more}.`;
  const hint = 'If that is wrong, put the images of each class into a folder of their own.';
  return [warning('dataset.path', message, hint)];
}

/** Says which folders are masks and no classes, and which images are masks of others. */
export function maskFindings({ masks, maskFiles }: SplitFolder): readonly Finding[] {
  const told = masks.map((pair) => information('dataset.path', `${maskSentence(pair)} It is not used.`));
  const [first] = maskFiles;
  if (first === undefined) return told;
  const message =
    maskFiles.length === 1
      ? `By its name, ${first} is the mask of the image beside it; it is not used.`
      : `By their names, ${maskFiles.length} images, ${first} first, are masks of the images beside them; they are not used.`;
  return [...told, warning('dataset.path', message, 'Give images that are samples names of their own.')];
}

/** What is wrong where there are masks, and too few classes without them. */
export function maskProblems({ masks, classes }: SplitFolder): readonly Problem[] {
  if (classes.length >= 2) return [];
  return masks.map((pair) =>
    pathProblem(
      maskSentence(pair),
      `Segmentation is not learned here. Classes of whole images need a folder for each class; dataset.task 'matching' learns what a teacher says of the images in ${pair.images.path} without labels.`,
    ),
  );
}

function maskSentence({ masks, images }: MaskFolder): string {
  return `The folder ${masks.path} holds masks and is no class: its images are called as those in ${images.path}.`;
}
