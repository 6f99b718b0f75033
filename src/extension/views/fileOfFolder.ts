import { isAbsolute, relative } from 'node:path';

/** An experiment file. */
interface NamedFile {
  readonly name: string;
  readonly path: string;
}

/**
 * Which of several files of one name the folder of a run or of a search stands below: folders know the name of their experiment alone. It is
 * the first in the same workspace folder, or the first of all where there is none: every folder stands in the view once.
 *
 * @param files in the order of the view
 * @param workspaceFolders their paths
 * @returns whether a folder of a file's name stands below that file
 */
export function fileOfFolder(
  files: readonly NamedFile[],
  workspaceFolders: readonly string[],
): (file: NamedFile, folder: string) => boolean {
  const homeOf = (path: string): string | undefined =>
    workspaceFolders.filter((home) => isWithin(home, path)).toSorted((a, b) => b.length - a.length)[0];
  const byName = new Map<string, NamedFile[]>();
  for (const file of files) byName.set(file.name, [...(byName.get(file.name) ?? []), file]);
  return (file, folder) => {
    const namesakes = byName.get(file.name) ?? [];
    if (namesakes.length === 1) return true;
    const home = homeOf(folder);
    return file === (namesakes.find(({ path }) => homeOf(path) === home) ?? namesakes[0]);
  };
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return !isAbsolute(way) && !way.startsWith('..');
}
