import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { BadInputError, messageOf, systemCodeOf } from '../errors.ts';
import { pathProblem } from './findings/problems.ts';
import type { Location } from './source.ts';

/** Names of a folder's entries, sorted by code unit, without hidden ones, pipes and devices; links count as what they point at. */
export interface Listing {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/**
 * Looks at what a path points at.
 *
 * @throws BadInputError when there is nothing, or it cannot be read
 */
export async function locate(path: string, baseDirectory: string): Promise<Location> {
  const absolute = resolve(baseDirectory, path);
  let found: Stats;
  try {
    found = await stat(absolute);
  } catch (error) {
    throw new BadInputError([unreadable(absolute, error)]);
  }
  const isFolder = found.isDirectory();
  if (!isFolder && !found.isFile()) {
    throw new BadInputError([
      pathProblem(`${absolute} is a pipe or a device, which may never end.`, 'Give a folder or a file.'),
    ]);
  }
  const folder = isFolder ? absolute : dirname(absolute);
  return { folder, file: isFolder ? undefined : basename(absolute), ...(await listFolder(folder)) };
}

/** Folders and files that systems leave behind; hidden ones are not looked at anyway. */
const LEFT_BEHIND =
  /^(?:__MACOSX|@eaDir|\$RECYCLE\.BIN|System Volume Information|lost\+found|Thumbs\.db|desktop\.ini|Icon\r)$/i;

/** Lists a folder. @throws BadInputError when it cannot be read */
export async function listFolder(folder: string): Promise<Listing> {
  const files: string[] = [];
  const folders: string[] = [];
  try {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.name.startsWith('.') || LEFT_BEHIND.test(entry.name)) continue;
      const kind = entry.isSymbolicLink() ? await linked(join(folder, entry.name)) : entry;
      if (kind?.isDirectory() === true) folders.push(entry.name);
      // Pipes and devices may never end. A link that leads nowhere is named when it is read as a file.
      else if (kind === undefined || kind.isFile()) files.push(entry.name);
    }
  } catch (error) {
    throw new BadInputError([unreadable(folder, error)]);
  }
  return { files: files.sort(), folders: folders.sort() };
}

/** What a link points at; undefined when it leads nowhere or in a circle. */
async function linked(link: string): Promise<Stats | undefined> {
  try {
    return await stat(link);
  } catch {
    return undefined;
  }
}

function unreadable(path: string, error: unknown) {
  const code = systemCodeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return pathProblem(`There is nothing at ${path}.`, hintFor(path));
  }
  const reason = refusals.get(code) ?? messageOf(error);
  return pathProblem(`${path} cannot be read: ${reason}.`, 'Check the path and its permissions.');
}

/** What the operating system's refusals to read mean. */
const refusals: ReadonlyMap<unknown, string> = new Map([
  ['EACCES', 'this user may not read it'],
  ['EPERM', 'this user may not read it'],
  ['ELOOP', 'its links lead in a circle'],
  ['ENAMETOOLONG', 'the path is too long'],
]);

/** What a shell or a browser would have understood is named: here a path is a path. */
function hintFor(path: string): string {
  if (/(?:^|[\\/])\w{2,}:\/+[\w.-]+/.test(path)) return 'Download it, and give the path of what was downloaded.';
  if (/(?:^|[\\/])~(?:[\\/]|$)/.test(path)) return "'~' is not replaced here: give the path of the folder itself.";
  return 'Give a folder or file, relative to the experiment file or absolute, or builtin:digits.';
}
