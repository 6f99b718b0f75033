import { isAbsolute, relative } from 'node:path';

/**
 * Which of the open folders a tool is called in: the one that a path of its input lies in, else the first.
 *
 * @param input as the language model gave it
 * @param folders file system paths of the open folders; undefined is answered when there is none
 */
export function workspaceOfInput(input: unknown, folders: readonly string[]): string | undefined {
  const paths = textsIn(input).filter((text) => isAbsolute(text));
  return folders.find((folder) => paths.some((path) => isBelow(folder, path))) ?? folders[0];
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return !way.startsWith('..') && !isAbsolute(way);
}
