import { relative, sep } from 'node:path';
import { information, type Finding } from '../../findings/finding.ts';
import { allOrProblems } from '../../findings/problems.ts';
import { listOf } from '../../findings/wording.ts';
import { splitLists, type SplitLists } from '../splitLists.ts';
import { splitCalled, type SplitName } from '../splitNames.ts';
import { lacksClasses, unlabelledFinding } from './imageFolderFindings.ts';
import { labelledByList } from './listedLabels.ts';
import { listImages, type ClassDepth, type SplitFolder } from './listImages.ts';
import type { SplitFolderNames } from './splitFolders.ts';

/** The splits of folders of classes; those that are left out are drawn. */
export interface ClassSplits {
  readonly training: SplitFolder;
  readonly validation: SplitFolder | undefined;
  readonly test: SplitFolder | undefined;
  readonly findings: readonly Finding[];
}

/**
 * Lists the images of the splits: in folders of their own, which may have a list of classes in place of folders of them, or as lists beside the folders of
 * classes name them.
 *
 * @param root the dataset's folder
 * @param above the folder that was given, which it may lie in
 * @throws BadInputError when a folder cannot be read
 */
export async function classSplits(
  root: string,
  above: string,
  names: SplitFolderNames,
  wanted: ClassDepth | undefined,
): Promise<ClassSplits> {
  const training = await listImages(root, names.training, wanted);
  if (names.training === '.') return byLists(training, [root, above]);
  const depth = wanted ?? training.depth;
  const other = async (use: 'validation' | 'test', name: string | undefined) => {
    const split = name === undefined ? undefined : await listImages(root, name, depth);
    if (split === undefined || name === undefined || !lacksClasses(split, training)) return { split, findings: [] };
    const listed = await labelledByList(root, name, training, [above]);
    return listed ?? { split: undefined, findings: unlabelledFinding(split, use) };
  };
  type Other = Awaited<ReturnType<typeof other>>;
  const [validation, test] = await allOrProblems<[Other, Other]>([
    other('validation', names.validation),
    other('test', names.test),
  ]);
  return {
    training,
    validation: validation.split,
    test: test.split,
    findings: [...validation.findings, ...test.findings],
  };
}

/** Divided by folders of splits in each folder of a class: `cats/train`, `cats/test`, `dogs/train`, `dogs/test`. */
function splitsWithin({ depth, classes }: SplitFolder): SplitLists | undefined {
  if (depth !== 'outermost') return undefined;
  const folderOf = (path: string, file: string): string => relative(path, file).split(sep)[0] ?? '';
  const folders = new Set(classes.flatMap(({ path, files }) => files.map((file) => folderOf(path, file))));
  const splits = new Map([...folders].map((name) => [name, splitCalled(name)]));
  if (folders.size < 2 || ![...splits.values()].includes('training') || [...splits.values()].includes(undefined))
    return undefined;
  const pathOf = new Map(classes.flatMap(({ path, files }) => files.map((file) => [file, path] as const)));
  const message = `Each folder of a class holds folders of splits, ${listOf([...folders].sort())}, which divide its images.`;
  return {
    splitOf: (file) => splits.get(folderOf(pathOf.get(file) ?? '', file)),
    findings: [information('dataset.path', message)],
  };
}

async function byLists(whole: SplitFolder, folders: readonly string[]): Promise<ClassSplits> {
  const within = splitsWithin(whole);
  const lists =
    within ??
    (await splitLists(
      folders,
      whole.classes.flatMap(({ files }) => files),
    ));
  if (!lists) return { training: whole, validation: undefined, test: undefined, findings: [] };
  const only = (split: SplitName): SplitFolder | undefined => {
    const classes = whole.classes.map((each) => ({
      ...each,
      files: each.files.filter((file) => lists.splitOf(file) === split),
      strays: split === 'training' ? each.strays : [],
    }));
    return classes.some(({ files }) => files.length > 0) ? { ...whole, classes, looseImages: 0 } : undefined;
  };
  const training = only('training');
  if (!training) return { training: whole, validation: undefined, test: undefined, findings: [] };
  return { training, validation: only('validation'), test: only('test'), findings: lists.findings };
}
