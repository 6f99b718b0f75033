import { isAscii, isUtf8 } from 'node:buffer';
import { BadInputError } from '../../../../errors.ts';
import { pathProblem } from '../../../findings/problems.ts';
import { encodingCalled, guessEncoding } from '../../encodings/guessEncoding.ts';
import { CARRIAGE_RETURN, LINE_FEED } from './dialect.ts';
import { readPieces } from './fileBytes.ts';

/** The encoding of a file of text that is not UTF-8. */
export interface FileEncoding {
  /** Its name in the Encoding Standard. */
  readonly encoding: string;
  /** Whether its words speak for it, and nobody said so. */
  readonly isGuess: boolean;
  /** Whether other lines of it are UTF-8. */
  readonly isMixed?: boolean;
}

/** Bytes that tell whether a file is text; signs below the blank that texts have (tabs, ends of lines, pages and files, escapes), and the share of others. */
const LOOKED_AT = 65_536;
const BLANK = 0x20;
const IN_TEXTS: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1a, 0x1b]);
const MOST_STEERING = 0.05;
/** Bytes of a file that are looked at. */
const SAMPLE = 2 ** 24;

/**
 * The encoding of a file, by its first 16 MiB.
 *
 * @param wanted the one that a person named, which counts unless the file is UTF-8 or marked
 * @returns undefined where it is UTF-8 or marked, or its words speak for no encoding
 * @throws BadInputError when the file cannot be read, or no encoding has that name
 */
export async function fileEncoding(
  path: string,
  name: string,
  wanted: string | undefined,
): Promise<FileEncoding | undefined> {
  const called = wanted === undefined ? undefined : knownEncoding(wanted);
  let taken = 0;
  let found: { readonly lines: Buffer; readonly isUtf8: boolean } | undefined;
  await readPieces(
    path,
    name,
    (bytes, last) => {
      const whole = last ? bytes : wholeLines(bytes);
      taken += whole.length;
      refuseBytes(whole, name);
      if (isAscii(whole)) return whole.length;
      found = { lines: Buffer.from(whole), isUtf8: isUtf8(whole) };
      return whole.length;
    },
    { stop: () => found !== undefined || taken >= SAMPLE },
  );
  if (found?.isUtf8 === true) return undefined;
  if (called !== undefined) return { encoding: called, isGuess: false };
  const encoding = found && guessEncoding(found.lines);
  if (encoding === undefined) return undefined;
  return { encoding, isGuess: true, isMixed: hasUtf8Lines(found?.lines ?? Buffer.alloc(0)) };
}

/** @throws BadInputError where bytes are no text: too many are signs that steer machines */
function refuseBytes(bytes: Buffer, name: string): void {
  const looked = bytes.subarray(0, LOOKED_AT);
  const steering = looked.reduce((count, byte) => count + (byte < BLANK && !IN_TEXTS.has(byte) ? 1 : 0), 0);
  if (steering <= MOST_STEERING * looked.length) return;
  throw new BadInputError([
    pathProblem(
      `${name} is no text: it holds bytes that no text has.`,
      'Give the file the ending of what it is, or fetch it again.',
    ),
  ]);
}

function hasUtf8Lines(lines: Buffer): boolean {
  for (let start = 0; start < lines.length;) {
    const feed = lines.indexOf(LINE_FEED, start);
    const line = lines.subarray(start, feed < 0 ? lines.length : feed);
    if (!isAscii(line) && isUtf8(line)) return true;
    start += line.length + 1;
  }
  return false;
}

/** @throws BadInputError when no encoding has that name */
export function knownEncoding(name: string): string {
  const encoding = encodingCalled(name);
  if (encoding !== undefined) return encoding;
  const hint = "Known are, among others, 'windows-1251', 'gb18030', 'shift_jis', 'big5', 'euc-kr', 'utf-16le'.";
  throw new BadInputError([{ where: 'dataset.encoding', message: `'${name}' is no encoding that is known.`, hint }]);
}

/** The lines of a piece that have ended; all of it where none has. */
export function wholeLines(bytes: Buffer): Buffer {
  const end = bytes.lastIndexOf(LINE_FEED);
  return end < 0
    ? bytes.subarray(0, bytes.lastIndexOf(CARRIAGE_RETURN) + 1 || bytes.length)
    : bytes.subarray(0, end + 1);
}
