import { join } from 'node:path';
import { BadInputError, type Problem } from '../../../errors.ts';
import { ByteSamples } from '../../samples/byteSamples.ts';
import type { Split } from '../../samples/split.ts';
import { information, type Finding } from '../../findings/finding.ts';
import { allOrProblems, pathProblem, refuseIfAny } from '../../findings/problems.ts';
import type { Format, Location, Source } from '../../source.ts';
import { readIdx, type IdxArray } from './idx.ts';

type Part = 'train' | 't10k';
type Content = 'images' | 'labels';

/** The images and labels of one split as they lie in their files. */
interface Pair {
  readonly imagesName: string;
  readonly labelsName: string;
  readonly images: IdxArray;
  readonly labels: IdxArray;
}

const FILE_NAME = /^(.*[-_.])?(?:train|t10k|test)-(?:images|labels)[-.]idx[13]-ubyte(?:\.gz)?$/;

/** The MNIST family: four IDX files of images and labels, gzipped or not; those of the test may be absent. */
export const idxFolder = {
  description:
    'IDX: a folder with train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and ' +
    't10k-labels-idx1-ubyte, gzipped (.gz) or not, or one of these files',
  recognises: ({ file, files }) => (file === undefined ? files.some(isIdxName) : isIdxName(file)),
  open: (location, _context, options) => openIdxFolder(location, options.table),
} satisfies Format;

async function openIdxFolder(given: Location, wanted: string | undefined): Promise<Source> {
  const { prefix, notes } = collectionOf(given, wanted);
  const location = {
    ...given,
    files: given.files.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)),
  };
  const path = (name: string): string => join(given.folder, prefix + name);
  const hasTest = find(location, 't10k', 'images') !== undefined || find(location, 't10k', 'labels') !== undefined;
  const [training, test] = await allOrProblems<[Pair, Pair | undefined]>([
    readPair(location, 'train', path),
    hasTest ? readPair(location, 't10k', path) : Promise.resolve(undefined),
  ]);
  refuseIfAny([...pairProblems(training), ...(test ? pairProblems(test) : [])]);
  refuseIfAny([...(test ? sizeProblems(training, test) : []), ...labelProblems(training, test)]);
  const [, height = 0, width = 0] = training.images.dimensions;
  const first = firstLabel(training);
  const classCount = training.labels.bytes.reduce((highest, label) => Math.max(highest, label), 0) + 1 - first;
  return {
    format: 'IDX',
    task: {
      kind: 'classification',
      classes: Array.from({ length: classCount }, (_, label) => String(label + first)),
    },
    samples: { kind: 'values' },
    sampleShape: [1, height, width],
    training: toSplit(training, height * width, first),
    ...(test && { test: toSplit(test, height * width, first) }),
    ...(notes.length > 0 && { findings: notes }),
  };
}

/**
 * What the names of the files begin with, such as `emnist-letters-`.
 *
 * @throws BadInputError where there are several collections, and nobody says which is meant
 */
function collectionOf(
  { folder, file, files }: Location,
  wanted: string | undefined,
): { readonly prefix: string; readonly notes: readonly Finding[] } {
  const prefixOf = (name: string): string | undefined => {
    const match = FILE_NAME.exec(name);
    return match ? (match[1] ?? '') : undefined;
  };
  const own = file === undefined ? undefined : prefixOf(file);
  const found = [...new Set(files.flatMap((name) => prefixOf(name) ?? []))];
  const [only = '', second] = found;
  const called = (prefix: string): string => prefix.replace(/[-_.]$/, '');
  const prefix = own ?? found.find((each) => called(each) === wanted) ?? (second === undefined ? only : undefined);
  if (prefix !== undefined) {
    const others = found.filter((each) => each !== prefix).map(called);
    const message = `Of the collections in ${folder}, ${called(prefix) || 'the one without a name'} is read; others are ${others.join(', ')}.`;
    return { prefix, notes: others.length === 0 ? [] : [information('dataset.table', message)] };
  }
  throw new BadInputError([
    pathProblem(
      `${folder} has several collections of images: ${found.map((each) => called(each) || 'one without a name').join(', ')}.`,
      'Say in dataset.table which one is meant, or name one of its files.',
    ),
  ]);
}

/** 1 where labels count from 1, as those of letters do. */
function firstLabel({ labels }: Pair): number {
  return labels.bytes.includes(0) ? 0 : 1;
}

function isIdxName(name: string): boolean {
  return FILE_NAME.test(name);
}

/** The name of one of the files in a folder. */
export function find({ files }: Location, part: Part, content: Content): string | undefined {
  const rank = content === 'images' ? 3 : 1;
  const names = (part === 'train' ? ['train'] : ['t10k', 'test']).flatMap((start) =>
    ['-', '.'].flatMap((mark) => ['', '.gz'].map((end) => `${start}-${content}${mark}idx${rank}-ubyte${end}`)),
  );
  return names.find((name) => files.includes(name));
}

async function readPair(location: Location, part: Part, path: (name: string) => string): Promise<Pair> {
  const imagesName = find(location, part, 'images');
  const labelsName = find(location, part, 'labels');
  if (imagesName === undefined || labelsName === undefined) {
    throw new BadInputError([
      ...(imagesName === undefined ? [missingFile(location.folder, `${part}-images-idx3-ubyte`)] : []),
      ...(labelsName === undefined ? [missingFile(location.folder, `${part}-labels-idx1-ubyte`)] : []),
    ]);
  }
  const [images, labels] = await allOrProblems<[IdxArray, IdxArray]>([
    readIdx(path(imagesName)),
    readIdx(path(labelsName)),
  ]);
  return { imagesName, labelsName, images, labels };
}

function missingFile(folder: string, name: string): Problem {
  return pathProblem(`${folder} lacks ${name} (or ${name}.gz).`, 'Images and labels come in pairs of files.');
}

function pairProblems({ images, labels, imagesName, labelsName }: Pair): readonly Problem[] {
  const problems: Problem[] = [];
  if (images.dimensions.length !== 3) {
    problems.push(pathProblem(`${imagesName} has ${images.dimensions.length} dimensions.`, 'Images have three.'));
  }
  if (labels.dimensions.length !== 1) {
    problems.push(pathProblem(`${labelsName} has ${labels.dimensions.length} dimensions.`, 'Labels have one.'));
  }
  if (problems.length === 0 && images.dimensions[0] !== labels.dimensions[0]) {
    problems.push(
      pathProblem(
        `${imagesName} has ${images.dimensions[0] ?? 0} images, but ${labelsName} has ${labels.dimensions[0] ?? 0} labels.`,
        'Every image needs its label: are the two files of the same split?',
      ),
    );
  }
  return problems;
}

function sizeProblems(training: Pair, test: Pair): readonly Problem[] {
  const sizeOf = (pair: Pair): string => pair.images.dimensions.slice(1).join(' × ');
  if (sizeOf(training) === sizeOf(test)) return [];
  return [
    pathProblem(
      `The images of ${training.imagesName} are ${sizeOf(training)} pixels, those of ${test.imagesName} ${sizeOf(test)}.`,
      'All images must have the same height and width.',
    ),
  ];
}

/** Labels must count from 0 without gaps in training, and the test must have no others. */
function labelProblems(training: Pair, test: Pair | undefined): readonly Problem[] {
  const present = new Set(training.labels.bytes);
  const highest = Math.max(...present);
  const first = firstLabel(training);
  const absent = Array.from({ length: highest - first }, (_, label) => label + first).filter(
    (label) => !present.has(label),
  );
  if (absent.length > 0) {
    const at = training.labels.bytes.indexOf(highest);
    return [
      pathProblem(
        `${training.labelsName} has the label ${highest} (sample ${at}), but no sample has the label ${absent[0] ?? 0}.`,
        'Labels must count from 0 or 1 without gaps.',
      ),
    ];
  }
  if (highest === first) {
    return [pathProblem(`Every label in ${training.labelsName} is ${first}.`, 'At least two classes are needed.')];
  }
  const outside = test ? test.labels.bytes.findIndex((label) => label > highest || label < first) : -1;
  if (!test || outside < 0) return [];
  return [
    pathProblem(
      `${test.labelsName} has the label ${test.labels.bytes[outside] ?? 0} (sample ${outside}), but the labels of ` +
        `${training.labelsName} go from ${first} to ${highest}.`,
      'Training and test must have the same classes.',
    ),
  ];
}

function toSplit({ images, labels }: Pair, sampleSize: number, first: number): Split {
  const classes = Int32Array.from(labels.bytes, (label) => label - first);
  return new ByteSamples(images.bytes, { kind: 'classes', labels: classes }, sampleSize);
}
