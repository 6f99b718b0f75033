import type { Problem } from '../../../errors.ts';
import type { DatasetOptions, OpenContext } from '../../dataset.ts';
import type { Split } from '../../samples/split.ts';
import { information, type Finding } from '../../findings/finding.ts';
import { pathProblem, refuseIfAny, shortList } from '../../findings/problems.ts';
import type { Format, Location, Source } from '../../source.ts';
import { isImageName } from './decoding/decodeImage.ts';
import { ImageFile } from './decoding/encodedImage.ts';
import {
  copyFindings,
  depthFindings,
  maskFindings,
  maskProblems,
  nameFindings,
  type SplitFolder,
} from './listImages.ts';
import { doubtfulClasses } from '../doubtfulClasses.ts';
import { classSplits } from './classSplits.ts';
import { asideFindings, strayFindings } from './imageFolderFindings.ts';
import { unreadableProblems } from './unreadableKinds.ts';
import { listedClassNames, type ListedClassNames } from './listedClassNames.ts';
import { boxesProblems, markedObjectsProblems } from './markedObjects.ts';
import { openImages } from './openImages.ts';
import { openImagesAlone } from './imagesAlone.ts';
import { descend, splitFolders } from './splitFolders.ts';

/** A folder of images for every class, directly or below `train` and `test` or `val`. */
export const imageFolders = {
  description:
    'image folders: a folder for every class with JPEG, PNG, WebP, BMP, GIF, TIFF or PPM images in it, directly or below ' +
    'the folders train and test (or val)',
  recognises: ({ file, files, folders }) => file === undefined && (folders.length > 0 || files.some(isImageName)),
  open: openImageFolders,
} satisfies Format;

async function openImageFolders(given: Location, context: OpenContext, options: DatasetOptions): Promise<Source> {
  const { location, findings } = await descend(given);
  const names = await splitFolders(location);
  if (options.task === 'matching' || options.task === 'reconstruction') {
    return openImagesAlone(location, names, options.task, context, findings);
  }
  refuseIfAny(await markedObjectsProblems(given));
  if (location !== given) refuseIfAny(await markedObjectsProblems(location));
  const splits = await classSplits(location.folder, given.folder, names, options.classFolders);
  const { training, validation, test } = splits;
  if (training.classes.length < 2) refuseIfAny(await boxesProblems(location));
  const others = [validation, test].filter((split) => split !== undefined);
  refuseIfAny([
    ...(training.masks.length > 0 && training.classes.length < 2 ? maskProblems(training) : classProblems(training)),
    ...unreadableProblems([training, ...others].flatMap(({ strays }) => strays)),
    ...shortList([training, ...others].flatMap(emptyClassProblems), 'class folders'),
    ...shortList(
      others.flatMap((other) => mismatchProblems(training, other)),
      'class folders',
    ),
  ]);

  const folders = training.classes.map(({ name }) => name);
  const listed = await listedClassNames([training.folder, location.folder, given.folder], folders);
  const classes = folders.map((name) => listed?.names.get(Number(name)) ?? name);
  const files = [training, ...others].flatMap((split) => split.classes.flatMap((each) => each.files));
  const images = await openImages(
    files.map((name) => new ImageFile(location.folder, name)),
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
    findings: [
      ...findings,
      ...names.findings,
      ...nameFindings(training),
      ...listedFindings(listed, folders),
      ...depthFindings(training),
      ...copyFindings(training),
      ...doubtfulClasses(training.isByName ? [] : classes),
      ...maskFindings(training),
      ...asideFindings([training, ...others]),
      ...splits.findings,
      ...strayFindings([training, ...others]),
      ...images.findings,
    ],
    ...images.late,
  };
}

function listedFindings(listed: ListedClassNames | undefined, [first = '']: readonly string[]): readonly Finding[] {
  if (!listed) return [];
  const message = `The classes are called as ${listed.file} says, such as '${listed.names.get(Number(first)) ?? ''}' for ${first}.`;
  return [information('dataset.path', message)];
}

function classProblems({ folder, classes, looseImages }: SplitFolder): readonly Problem[] {
  if (looseImages > 0 && classes.length === 0) {
    return [
      pathProblem(
        `The ${looseImages} images in ${folder} belong to no class.`,
        'Put the images of each class into a folder of their own, named like the class; with "task": "matching" they need none.',
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
    .filter(({ files, strays }) => files.length === 0 && unreadableProblems(strays).length === 0)
    .map(({ path, hasFolders }) =>
      pathProblem(
        `The class folder ${path} has no images${hasFolders ? ', only folders' : ''}.`,
        'Add JPEG, PNG, WebP, BMP, GIF, TIFF or PPM files, or remove the folder.',
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
