import { readFile, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { information, type Finding } from '../../findings/finding.ts';
import { listFolder } from '../../location.ts';
import { imagesBelow, readFolderTree } from './folderTree.ts';
import type { SplitFolder } from './listImages.ts';

const LIST = /\.(?:txt|csv|tsv)$/i;
/** What a column of classes is called. */
const CLASS_COLUMN = /^(?:class|label|target)(?:[-_ ]?(?:id|name))?$/i;
const MOST_BYTES = 2 ** 26;
const MOST_LISTS = 20;
/** Share of the images that a list has to name. */
const MOST_LABELLED = 0.9;

/**
 * The classes of a split whose images lie in no folders of them, by a list of their names and classes, such as `val_annotations.txt` of Tiny ImageNet: in the
 * folder of the split, or in those above.
 *
 * @param root the dataset's folder
 * @param above folders that it lies in, where such a list may be
 * @returns undefined where no list tells
 * @throws BadInputError when a folder cannot be read
 */
export async function labelledByList(
  root: string,
  path: string,
  training: SplitFolder,
  above: readonly string[],
): Promise<{ readonly split: SplitFolder; readonly findings: readonly Finding[] } | undefined> {
  const images = imagesBelow(await readFolderTree(root, path));
  const classes = new Set(training.classes.map(({ name }) => name));
  const within = (await listFolder(join(root, path))).folders;
  const inside = within.length === 1 ? within.map((name) => join(root, path, name)) : [];
  for (const folder of new Set([join(root, path), ...inside, root, ...above])) {
    const lists = (await listFolder(folder)).files.filter((name) => LIST.test(name));
    // A text beside every image is of that image.
    for (const file of lists.length > MOST_LISTS ? [] : lists) {
      const labels = await classesIn(join(folder, file), classes);
      const known = images.filter((image) => labelOf(labels, image) !== undefined);
      if (known.length === 0 || known.length < MOST_LABELLED * images.length) continue;
      const left = images.length - known.length;
      const message = `The classes of the ${known.length} images in ${path} are those that ${file} lists.${left > 0 ? ` ${left} images that it does not name are not used.` : ''}`;
      return {
        split: {
          ...training,
          folder: join(root, path),
          classes: training.classes.map(({ name }) => ({
            name,
            path,
            files: known.filter((image) => labelOf(labels, image) === name),
            hasFolders: false,
            strays: [],
          })),
          looseImages: 0,
          strays: [],
        },
        findings: [information('dataset.path', message)],
      };
    }
  }
  return undefined;
}

/**
 * What lines such as `val_7.JPEG  n01443537  0 32 44 62` say: the class in the second cell, where it is one, by the name in the first; or in the columns that the
 * first line calls so (`Filename;Width;ClassId`). Classes that are numbers may have zeros in front.
 */
async function classesIn(path: string, classes: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
  const labels = new Map<string, string>();
  if ((await stat(path)).size > MOST_BYTES) return labels;
  const numbered = new Map([...classes].filter((name) => /^\d+$/.test(name)).map((name) => [Number(name), name]));
  const classCalled = (label: string): string | undefined =>
    classes.has(label) ? label : /^\d+$/.test(label) ? numbered.get(Number(label)) : undefined;
  const cellsOf = (line: string): readonly string[] =>
    line.split(/[\t,; ]+/).map((cell) => cell.replaceAll('"', '').trim());
  const [header = '', ...lines] = (await readFile(path, 'utf8')).split(/\r?\n/);
  const names = cellsOf(header);
  const at = names.findIndex((name) => CLASS_COLUMN.test(name));
  for (const line of [header, ...lines]) {
    const cells = cellsOf(line);
    const label = classCalled(cells[at < 0 ? 1 : at] ?? '');
    if (label !== undefined) labels.set(basename(cells[0] ?? ''), label);
  }
  return labels;
}

function labelOf(labels: ReadonlyMap<string, string>, image: string): string | undefined {
  const name = basename(image);
  return labels.get(name) ?? labels.get(name.slice(0, name.length - extname(name).length));
}
