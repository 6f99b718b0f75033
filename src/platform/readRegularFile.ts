import { readFile, stat } from 'node:fs/promises';

/**
 * Reads a whole file, but no pipe and no device, which may never end.
 *
 * @param mostBytes what such a file has at most
 * @throws Error of the operating system, or with what is wrong as the end of a sentence
 */
export async function readRegularFile(path: string, mostBytes = Infinity): Promise<Buffer> {
  const found = await stat(path);
  // Of a folder, the system says so itself.
  if (!found.isFile() && !found.isDirectory()) throw new Error('it is a pipe or a device, not a file');
  if (found.size > mostBytes) {
    throw new Error(
      `it has ${Math.round(found.size / 2 ** 20)} MiB, and such files have at most ${mostBytes / 2 ** 20}`,
    );
  }
  return readFile(path);
}
