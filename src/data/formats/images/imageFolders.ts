import { join } from 'node:path';
import type { Problem } from '../../errors.ts';
import type { OpenContext, Split } from '../dataset.ts';
import { listFolder } from '../location.ts';
import { allOrProblems, pathProblem, refuseIfAny, shortList } from '../problems.ts';
import type { Format, Location, Source } from '../source.ts';
import { isImageName } from './decodeImage.ts';
import { listImages, type SplitFolder } from './listImages.ts';
import { openImages } from './openImages.ts';

interface SplitNames {
  readonly training: string;
  readonly validation: string | undefined;
  readonly test: string | undefined;
}

const TRAINING_NAMES = ['train', 'training'];
const VALIDATION_NAMES = ['val', 'valid', 'validation'];
const TEST_NAMES = ['test', 'testing'];

/** A folder of images for every class, directly or below `train` and `test` or `val`. */
export const imageFolders = {
  description:
    'image folders: a folder for every class with JPEG, PNG, WebP, BMP, GIF or TIFF images in it, directly or below ' +
    'the folders train and test (or val)',
  recognises: ({ file, files, folders }) => file === undefined && (folders.length > 0 || files.some(isImageName)),
  open: openImageFolders,
} satisfies Format;

async function openImageFolders(location: Location, context: OpenContext): Promise<Source> {
  const names = await splitNames(location);
  const [training, validation, test] = await allOrProblems<
    [SplitFolder, SplitFolder | undefined, SplitFolder | undefined]
  >([
    listImages(location.folder, names?.training ?? '.'),
    listOptional(location.folder, names?.validation),
    listOptional(location.folder, names?.test),
  ]);
  const others = [validation, test].filter((split) => split !== undefined);
  refuseIfAny([
    ...classProblems(training),
    ...shortList([training, ...others].flatMap(emptyClassProblems), 'class folders'),
    ...shortList(
      others.flatMap((other) => mismatchProblems(training, other)),
      'class folders',
    ),
  ]);

  const classes = training.classes.map(({ name }) => name);
  const files = [training, ...others].flatMap((split) => split.classes.flatMap((each) => each.files));
  const images = await openImages(
    files.map((name) => ({ name, content: join(location.folder, name) })),
    context,
  );
  let first = 0;
  const take = (split: SplitFolder): Split => {
    const labels = Int32Array.from(split.classes.flatMap((each, label) => each.files.map(() => label)));
    const samples = images.split(first, labels.length, { kind: 'classes', labels });
    first += labels.length;
    return samples;
  };
  // In the order of `files`.
  return {
    format: 'image folders',
    task: { kind: 'classification', classes },
    samples: { kind: 'values' },
    sampleShape: images.sampleShape,
    training: take(training),
    ...(validation && { validation: take(validation) }),
    ...(test && { test: take(test) }),
    findings: images.findings,
    ...images.late,
  };
}

/**
 * The folders of the splits; undefined when the class folders lie directly in the dataset's folder. A folder called
 * `train` is a class like any other when images lie in it, beside folders that are no splits.
 */
async function splitNames({ folder, folders }: Location): Promise<SplitNames | undefined> {
  const named = (names: readonly string[]): string | undefined =>
    folders.find((name) => names.includes(name.toLowerCase()));
  const training = named(TRAINING_NAMES);
  if (training === undefined) return undefined;
  const splits = [...TRAINING_NAMES, ...VALIDATION_NAMES, ...TEST_NAMES];
  const onlySplits = folders.every((name) => splits.includes(name.toLowerCase()));
  if (!onlySplits && (await listFolder(join(folder, training))).folders.length === 0) return undefined;
  return { training, validation: named(VALIDATION_NAMES), test: named(TEST_NAMES) };
}

async function listOptional(root: string, name: string | undefined): Promise<SplitFolder | undefined> {
  return name === undefined ? undefined : listImages(root, name);
}

function classProblems({ folder, classes, looseImages }: SplitFolder): readonly Problem[] {
  if (looseImages > 0 && classes.length === 0) {
    return [
      pathProblem(
        `The ${looseImages} images in ${folder} belong to no class.`,
        'Put the images of each class into a folder of their own, named like the class.',
      ),
    ];
  }
  if (classes.length >= 2) return [];
  const found = classes[0] ? `only one class folder, ${classes[0].name}` : 'no class folders';
  return [
    pathProblem(
      `${folder} has ${found}.`,
      classes[0]?.hasFolders === true
        ? `There are folders inside: did you mean ${classes[0].path}?`
        : 'At least two classes are needed, each a folder of images.',
    ),
  ];
}

function emptyClassProblems({ classes }: SplitFolder): readonly Problem[] {
  return classes
    .filter(({ files }) => files.length === 0)
    .map(({ path, hasFolders }) =>
      pathProblem(
        `The class folder ${path} has no images${hasFolders ? ', only folders' : ''}.`,
        'Add JPEG, PNG, WebP, BMP, GIF or TIFF files, or remove the folder.',
      ),
    );
}

/** Classes that only one of two splits has. */
function mismatchProblems(training: SplitFolder, other: SplitFolder): readonly Problem[] {
  const difference = (one: SplitFolder, two: SplitFolder): readonly string[] =>
    one.classes.map(({ name }) => name).filter((name) => !two.classes.some((each) => each.name === name));
  const hint = 'Every split must have the same class folders.';
  return [
    ...difference(training, other).map((name) =>
      pathProblem(`${other.folder} lacks the class folder ${name} that ${training.folder} has.`, hint),
    ),
    ...difference(other, training).map((name) =>
      pathProblem(`${other.folder} has the class folder ${name} that ${training.folder} lacks.`, hint),
    ),
  ];
}
