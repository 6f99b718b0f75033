import { basename, join } from 'node:path';
import type { FolderTree } from './folderTree.ts';

/** Images whose names begin with the same word. */
export interface NamedClass {
  readonly name: string;
  /** Paths, relative to the dataset's folder. */
  readonly files: readonly string[];
}

/** A word, or several, before a number: `cat.0.jpg`, `Abyssinian_100.jpg`, `great_dane (7).png`. */
const WORD_AND_NUMBER = /^(\p{L}[\p{L} _-]*?)[ ._-]*\(?\d+\)?\.[^.]+$/u;
/** What cameras and programs call any image. */
const SAYS_NOTHING =
  /^(?:img|image|images|dsc|dscn|dscf|pxl|photo|pic|picture|scan|screenshot|frame|sample|test|train|val|valid|x|im|p)$/i;
const MOST_CLASSES = 1000;
/** Images of each class, on average. */
const LEAST_IMAGES = 3;

/** The classes that the names of all images in a folder without folders begin with; none where they do not tell any. */
export function classesOfNames({ path, images, folders }: FolderTree): readonly NamedClass[] {
  if (folders.length > 0) return [];
  const classes = new Map<string, string[]>();
  for (const image of images) {
    const word = WORD_AND_NUMBER.exec(basename(image))?.[1];
    if (word === undefined || SAYS_NOTHING.test(word)) return [];
    const files = classes.get(word);
    if (files) files.push(join(path, image));
    else classes.set(word, [join(path, image)]);
    if (classes.size > MOST_CLASSES) return [];
  }
  if (classes.size < 2 || images.length < LEAST_IMAGES * classes.size) return [];
  return [...classes].sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, files]) => ({ name, files }));
}
