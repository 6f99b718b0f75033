import { basename } from 'node:path';
import { information, warning, type Finding } from '../../findings/finding.ts';
import type { SplitFolder } from './listImages.ts';

/** Files that are told by their names. */
const MOST_NAMED = 5;

/** Whether a split's images belong to no class: they lie in its folder, or all in one that is no class of the training split. */
export function lacksClasses({ classes, looseImages }: SplitFolder, training: SplitFolder): boolean {
  const [only] = classes;
  if (!only) return looseImages > 0;
  const isKnown = training.classes.some(({ name }) => name === only.name);
  return classes.length === 1 && !isKnown && training.classes.length >= 2 && only.files.length > 0;
}

/** Says that a split has no labels, and what is used instead. */
export function unlabelledFinding(split: SplitFolder, use: 'validation' | 'test'): readonly Finding[] {
  const images = split.looseImages + split.classes.reduce((sum, { files }) => sum + files.length, 0);
  const message =
    `The ${images} images in the folder ${basename(split.folder)} are unlabelled: they lie in no folders of classes. ` +
    `They are not used; a share of the training images is the ${use} split instead.`;
  const hint = `To use them, put the images of each class into a folder of their own; dataset.${use} says how large the share is.`;
  return [warning('dataset.path', message, hint)];
}

/** Names folders that lie beside those of the classes and hold no images. */
export function asideFindings(splits: readonly SplitFolder[]): readonly Finding[] {
  const asides = splits.flatMap((split) => split.asides);
  if (asides.length === 0) return [];
  const more = asides.length > MOST_NAMED ? ` and ${asides.length - MOST_NAMED} more` : '';
  const are = asides.length === 1 ? 'The folder' : 'The folders';
  const message = `${are} ${asides.slice(0, MOST_NAMED).join(', ')}${more} beside those of the classes ${asides.length === 1 ? 'holds' : 'hold'} no images, and ${asides.length === 1 ? 'is' : 'are'} no class.`;
  return [information('dataset.path', message)];
}

/** Names what lies among the images and is none. */
export function strayFindings(splits: readonly SplitFolder[]): readonly Finding[] {
  const strays = splits.flatMap(({ classes }) => classes.flatMap((each) => each.strays));
  const told: Finding[] = [];
  if (strays.length > 0) {
    const more = strays.length > MOST_NAMED ? ` and ${strays.length - MOST_NAMED} more` : '';
    const files = strays.length === 1 ? 'A file that is no image is' : `${strays.length} files that are no images are`;
    told.push(information('dataset.path', `${files} passed over: ${strays.slice(0, MOST_NAMED).join(', ')}${more}.`));
  }
  for (const { folder, classes, looseImages } of splits) {
    if (looseImages === 0 || classes.length === 0) continue;
    const images = looseImages === 1 ? '1 image lies' : `${looseImages} images lie`;
    const message = `${images} in ${basename(folder)} beside the folders of the classes, and belong${looseImages === 1 ? 's' : ''} to none; they are not used.`;
    told.push(warning('dataset.path', message, 'Move each into the folder of its class.'));
  }
  return told;
}
