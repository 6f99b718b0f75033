import { LINE_FEED } from './dialect.ts';
import { readPieces } from './fileBytes.ts';

/**
 * Reads a file line by line; see `readPieces`. What follows the last line feed is a line when it is not empty.
 *
 * @param read takes the bytes of a line, without its line feed, and its number, from 1
 * @param encoding that the file is in, which becomes UTF-8
 * @throws BadInputError when the file cannot be read
 */
export async function readLines(
  path: string,
  name: string,
  read: (bytes: Buffer, line: number) => void,
  signal?: AbortSignal,
  encoding?: string,
): Promise<void> {
  let line = 0;
  await readPieces(
    path,
    name,
    (bytes, last) => {
      let start = 0;
      for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
        read(bytes.subarray(start, end), ++line);
        start = end + 1;
      }
      if (!last || start === bytes.length) return start;
      read(bytes.subarray(start), ++line);
      return bytes.length;
    },
    { signal, encoding },
  );
}
