import { readdir } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { BadInputError } from '../../errors.ts';
import { information, type Finding } from '../findings/finding.ts';
import { pathProblem } from '../findings/problems.ts';
import { isSeriesToTrainWith } from '../formats/series/seriesFiles.ts';
import { filesByEnding } from '../formats/tables/reading/tableFiles.ts';
import { listFolder, locate } from '../location.ts';
import type { Location } from '../source.ts';

/** Files that say something about data and are none. */
const NOTES =
  /^(?:read[ _-]?me|licen[cs]e|notice|authors|changelog|citation|copying|index$|about|md5|sha\d+)|\.(?:md|rst|pdf|html?|docx?|names|info|log|url|md5|sha256)$/i;
const MOST_LISTED = 10;

/** What of an unpacked archive is the dataset. */
export interface Member {
  readonly location: Location;
  readonly findings: readonly Finding[];
}

/**
 * Chooses what of an unpacked archive is the dataset: what a person says, the only file that may be data, or the folder.
 *
 * @param folder that it was unpacked to
 * @param archive its name, for messages
 * @param isData whether a file of this name would be a table
 * @throws BadInputError when there is nothing, not what is wanted, or tables that have nothing to do with each other
 */
export async function chooseMember(
  folder: string,
  archive: string,
  isData: (name: string) => boolean,
  wanted: string | undefined,
): Promise<Member> {
  const all = await filesBelow(folder);
  const [first, second] = all;
  if (first === undefined) {
    throw new BadInputError([pathProblem(`${archive} is empty.`, 'Pack the files of the dataset into it.')]);
  }
  const at = async (name: string, findings: readonly Finding[] = []): Promise<Member> => ({
    location: await locate(name, folder),
    findings,
  });
  if (wanted !== undefined) {
    const named = all.filter((name) => name === wanted || basename(name) === wanted);
    const [only, another] = named;
    if (only !== undefined && another === undefined) return at(only);
    // A name that is no file of the archive may be a table in the only file.
    if (only === undefined && second === undefined) return at(first);
    // Nor is what several files are called like, as collections of images are.
    const isCalledLike = all.some((name) => basename(name).startsWith(wanted));
    if (only === undefined && isCalledLike) return { location: await locate('.', await rootOf(folder)), findings: [] };
    throw new BadInputError([
      {
        where: 'dataset.table',
        message: `${archive} has ${only === undefined ? 'no' : 'several'} '${wanted}'.`,
        hint: `It has ${listed(only === undefined ? all : named)}.`,
      },
    ]);
  }
  const root = await rootOf(folder);
  const inside = all.map((name) => relative(root, join(folder, name)).split(sep).join('/'));
  const content = inside.filter((name) => !NOTES.test(basename(name)));
  const tables = content.filter((name) => isData(basename(name)));
  const [table, otherTable] = tables;
  const [only, another] = content;
  // A test beside it is of the same table, and a series may lie there in several forms.
  if (filesByEnding(content) || content.some(isSeriesToTrainWith))
    return { location: await locate('.', root), findings: [] };
  const chosen = another === undefined ? only : otherTable === undefined && isAside(table, content) ? table : undefined;
  if (chosen !== undefined) {
    // What lies deeper than a table is what it names, such as images.
    const depth = chosen.split('/').length;
    const others = inside.filter((name) => name !== chosen && name.split('/').length <= depth);
    const findings = others.length === 0 ? [] : [passedOver(archive, chosen, others)];
    return { location: await locate(chosen, root), findings };
  }
  // Tables in folders of their own have nothing to do with each other, unless there is something else that they tell of.
  if (tables.length === content.length && tables.every((name) => name.includes('/')) && !hasSplits(tables)) {
    throw new BadInputError([
      pathProblem(
        `${archive} has ${tables.length} tables: ${listed(tables)}.`,
        'Say in dataset.table which one is meant.',
      ),
    ]);
  }
  return { location: await locate('.', root), findings: [] };
}

/** Whether a table is what an archive is about: all else in it lies deeper, as what the table names does, or is no more than a few texts. */
function isAside(table: string | undefined, content: readonly string[]): boolean {
  if (table === undefined) return false;
  const folders = new Set(content.filter((name) => name.includes('/')).map((name) => name.split('/', 1)[0]));
  return table.includes('/')
    ? content.every((name) => name === table || /\.(?:txt|py|ipynb|r|json|ya?ml)$/i.test(name))
    : folders.size < 2;
}

function hasSplits(names: readonly string[]): boolean {
  return names.some((name) => /(?:^|[-_./ ])train(?:ing)?(?:[-_./ ]|$)/i.test(name));
}

function passedOver(archive: string, chosen: string, others: readonly string[]): Finding {
  return information(
    'dataset.path',
    `Of ${archive}, ${chosen} is read; ${listed(others)} ${others.length === 1 ? 'is' : 'are'} not. dataset.table names another.`,
  );
}

function listed(names: readonly string[]): string {
  const rest = names.length - MOST_LISTED;
  return `${names.slice(0, MOST_LISTED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** The folder, or the one in it that everything lies in. */
async function rootOf(folder: string): Promise<string> {
  let root = folder;
  for (;;) {
    const { files, folders } = await listFolder(root);
    const [only, second] = folders;
    if (files.length > 0 || only === undefined || second !== undefined) return root;
    root = join(root, only);
  }
}

/** Paths of all files below a folder, sorted, with slashes. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}
