import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { hasWords } from '../../texts/labelledWords.ts';
import { LINE_FEED } from '../reading/dialect.ts';
import { readPieces } from '../reading/fileBytes.ts';
import { eachJsonLine } from '../reading/readJsonLines.ts';
import { recordStream } from '../streaming/recordStream.ts';
import type { TableSize, TableStream } from '../streaming/tableStream.ts';
import { isInLines, jsonTable } from './readJson.ts';

/** Bytes that a value takes in a column that is held. */
const HELD = 8;

/** A file with an object of JSON in every line, piece by piece; undefined for other JSON, and for texts with a label for every word. */
export async function jsonLinesStream(path: string, signal: AbortSignal | undefined): Promise<TableStream | undefined> {
  const file = basename(path);
  if (!(await isInLines(path, file)) || (await hasLabelledWords(path, file))) return undefined;
  return recordStream({
    foresee: () => foresee(path, file),
    each: (take) => eachJsonLine(path, take, signal),
    tableOf: (records, storage) => jsonTable(file, { records, notes: [], unit: 'Line' }, storage),
  });
}

async function hasLabelledWords(path: string, file: string): Promise<boolean> {
  const [line = ''] = (await beginningOf(path, file)).toString().trimStart().split('\n');
  try {
    const fields: unknown = JSON.parse(line);
    return typeof fields === 'object' && fields !== null && hasWords({ line: 1, fields: { ...fields } });
  } catch {
    // What is damaged is told when the file is read.
    return false;
  }
}

async function beginningOf(path: string, file: string): Promise<Buffer> {
  let beginning = Buffer.alloc(0);
  await readPieces(
    path,
    file,
    (bytes) => {
      beginning = Buffer.from(bytes);
      return bytes.length;
    },
    { stop: () => true },
  );
  return beginning;
}

/** By the lines at the beginning: values stand behind a colon, or before a comma. */
async function foresee(path: string, file: string): Promise<TableSize> {
  const beginning = await beginningOf(path, file);
  const { size } = await stat(path);
  const end = beginning.lastIndexOf(LINE_FEED) + 1;
  const whole = end > 0 ? beginning.subarray(0, end) : beginning;
  const lines = Math.max(1, whole.filter((byte) => byte === LINE_FEED).length);
  const commas = whole.filter((byte) => byte === 0x2c).length;
  const rows = Math.ceil((size * lines) / Math.max(1, whole.length));
  const columns = Math.ceil(commas / lines) + 1;
  return { rows, columns, fileBytes: size, bytes: HELD * rows * columns };
}
