import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { messageOf, type Problem } from '../../../errors.ts';
import { throwIfCancelled } from '../../cancellation.ts';
import type { DatasetOptions, OpenContext } from '../../dataset.ts';
import { decodeText, guessEncoding } from '../encodings/guessEncoding.ts';
import { isImageName } from '../images/decoding/decodeImage.ts';
import { folderOfSplit, isMostlyOf } from '../splitNames.ts';
import { decodeUnicode } from '../encodings/unicodeForms.ts';
import { listFolder } from '../../location.ts';
import { pathProblem, refuseIfAny, shortList } from '../../findings/problems.ts';
import type { Format, Location, UnfittedSource } from '../../source.ts';
import type { Table } from '../tables/column.ts';
import type { TableReader } from '../tables/reading/tableReader.ts';
import { knownEncoding } from '../tables/reading/fileEncoding.ts';
import { tablesSource } from '../tables/tablesSource.ts';

const LINE_END = Buffer.from('\n');
/** Texts may have no ending, as those of newsgroups. */
const TEXT_NAME = /\.txt$|^[^.]+$/i;
/** Folders of texts that nobody has told the class of. */
const NO_CLASS = /^(?:unsup|unsupervised|unlabell?ed|unknown label)$/i;

/** A folder of texts for every class, directly or below `train` and `test`. */
export const textFolders = {
  description:
    'text folders: a folder for every class with .txt files, or files without an ending, in it, directly or below the folders train and test',
  recognises: async ({ folder, file, folders }) => file === undefined && (await holdsTexts(folder, folders)),
  open: openTextFolders,
} satisfies Format;

/** Files that say something about a dataset and are no part of it. */
const NOTES =
  /^(?:read[ _-]?me|licen[cs]e|notice|authors|changelog|changes|citation|copying|classes|labels|names|about|notes?|info)\b/i;

/** Whether there are more texts than images in the folders, or in the folders inside of them. A file that tells of images is no text. */
function holdsTexts(folder: string, folders: readonly string[]): Promise<boolean> {
  return isMostlyOf(folder, folders, (name) => {
    if (isImageName(name)) return 'other';
    return TEXT_NAME.test(name) && !NOTES.test(name) ? 'wanted' : undefined;
  });
}

async function openTextFolders(
  location: Location,
  context: OpenContext,
  options: DatasetOptions,
): Promise<UnfittedSource> {
  const { folder, folders } = location;
  const training = folderOfSplit(folders, 'training');
  const reader =
    (name: string): TableReader =>
    () =>
      readFolder(join(folder, name), context);
  const [validation, test] =
    training === undefined ? [] : [folderOfSplit(folders, 'validation'), folderOfSplit(folders, 'test')];
  return tablesSource(
    {
      format: 'text folders',
      folder,
      training: reader(training ?? '.'),
      ...(validation !== undefined && { validation: reader(validation) }),
      ...(test !== undefined && { test: reader(test) }),
    },
    context,
    { ...options, columns: { text: 'text' }, target: 'class' },
  );
}

/** The texts of a folder of class folders as a table with the columns `text` and `class`. */
async function readFolder(folder: string, { signal, encoding }: OpenContext): Promise<Table> {
  const problems: Problem[] = [];
  const files: { readonly path: string; readonly bytes: Buffer }[] = [];
  const classes: string[] = [];
  const codes: number[] = [];
  const folders = (await listFolder(folder)).folders;
  const unlabelled = folders.filter((name) => NO_CLASS.test(name));
  for (const name of folders.filter((each) => !NO_CLASS.test(each))) {
    for (const file of (await listFolder(join(folder, name))).files.filter((each) => TEXT_NAME.test(each))) {
      throwIfCancelled(signal);
      const path = join(folder, name, file);
      try {
        const stored = await readFile(path);
        // Of UTF-8 with a mark, too, nothing but the text is left.
        const text = decodeUnicode(stored);
        const bytes = text === undefined ? stored : Buffer.from(text);
        if (bytes.includes(0)) problems.push(pathProblem(`${path} is no text.`, 'Remove it, or save it as UTF-8.'));
        if (classes.at(-1) !== name) classes.push(name);
        files.push({ path, bytes });
        codes.push(classes.length - 1);
      } catch (error) {
        problems.push(pathProblem(`The text ${path} cannot be read: ${messageOf(error)}.`, 'Replace or remove it.'));
      }
    }
  }
  const others = files.filter(({ bytes }) => !isUtf8(bytes));
  const called = encoding === undefined ? undefined : knownEncoding(encoding);
  const found =
    called ?? guessEncoding(Buffer.concat(others.flatMap(({ bytes }) => [bytes, LINE_END]))) ?? 'windows-1252';
  const texts = files.map(({ bytes }) => (isUtf8(bytes) ? bytes.toString() : decodeText(bytes, found)));
  refuseIfAny(shortList(problems, 'texts'));
  return {
    file: basename(folder),
    count: texts.length,
    columns: [
      { kind: 'words', name: 'text', words: texts, codes: Int32Array.from(texts, (_, row) => row) },
      { kind: 'words', name: 'class', words: classes, codes: Int32Array.from(codes) },
    ],
    lineOf: (row) => row + 1,
    remarks: [
      ...unlabelled.map(
        (name) => `The texts in ${join(folder, name)} have no class and are not used; dataset.unlabelled takes them.`,
      ),
      ...(others[0] && called === undefined
        ? [
            `Texts that are not UTF-8, ${others[0].path} first, were read as ${found}. If they look wrong, dataset.encoding says otherwise.`,
          ]
        : []),
    ],
  };
}
