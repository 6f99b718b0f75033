import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { BadInputError, messageOf } from '../../../../errors.ts';
import { decodeUnicode } from '../../encodings/unicodeForms.ts';
import { pathProblem } from '../../../findings/problems.ts';
import type { Storage, Table } from '../column.ts';
import { readPieces } from '../reading/fileBytes.ts';
import { readJsonLines } from '../reading/readJsonLines.ts';
import { recordsTable } from '../reading/recordsTable.ts';
import { tablesOfJson, type JsonRecords, type JsonSplits } from './jsonShapes.ts';
import { jsonFault, parseJson } from './parseJson.ts';
import { plainRecords } from './recordForms.ts';

/** A text is parsed at once; the language has none that is much longer. */
const LARGEST = 2 ** 28;

/**
 * Reads a file of JSON, be it one text or one in every line, whatever it is called.
 *
 * @param wanted the field that is meant where there are several tables
 * @throws BadInputError when it is no JSON, or no table
 */
export async function readJson(
  path: string,
  wanted: string | undefined,
  signal: AbortSignal | undefined,
): Promise<JsonSplits> {
  const name = basename(path);
  if (await isInLines(path, name)) {
    const records = await readJsonLines(path, signal);
    const plain = plainRecords(name, records);
    return { training: { records: plain?.records ?? records, notes: plain ? [plain.note] : [], unit: 'Line' } };
  }
  const text = await textOf(path, name);
  if (text.trim() === '')
    throw new BadInputError([pathProblem(`${name} is empty.`, 'A row is needed for every sample.')]);
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    throw new BadInputError([
      pathProblem(
        `${name} is no JSON: ${jsonFault(error)}.`,
        'It is one text, such as a list of objects, or an object in every line.',
      ),
    ]);
  }
  return tablesOfJson(value, name, wanted);
}

/** The table of records. @throws BadInputError naming every row whose values are no cells */
export function jsonTable(
  file: string,
  { records, notes, unit }: JsonRecords,
  storage: ReadonlyMap<string, Storage>,
): Table {
  const table = recordsTable(file, records, storage, unit);
  return { ...table, notes: [...notes, ...(table.notes ?? [])] };
}

/**
 * Whether the first line that is not empty is an object by itself and something follows, or the name says that lines are and it is no
 * beginning of a longer text.
 */
export async function isInLines(path: string, name: string): Promise<boolean> {
  const found = { first: '', isKnown: false, goesOn: false };
  await readPieces(
    path,
    name,
    (bytes, last) => {
      const text = bytes.toString().trimStart();
      const end = text.indexOf('\n');
      // A list is one text, however long its line is.
      if (end < 0 && !last && !text.startsWith('[')) return 0;
      found.isKnown = true;
      found.first = end < 0 ? text : text.slice(0, end);
      found.goesOn = end >= 0 && text.slice(end).trim() !== '';
      return bytes.length;
    },
    { stop: () => found.isKnown },
  );
  const { first, isKnown, goesOn } = found;
  const isNamedSo = /\.(?:jsonl|ndjson)$/i.test(name);
  if (!isKnown) return isNamedSo;
  try {
    const value = parseJson(first);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? goesOn || isNamedSo : isNamedSo && !Array.isArray(value);
  } catch {
    // The line is the beginning of a longer text, or damaged.
    return isNamedSo && !/^(?:\[|\{\s*$)/.test(first.trim());
  }
}

async function textOf(path: string, name: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST) {
      throw new BadInputError([
        pathProblem(
          `${name} has ${Math.ceil(size / 2 ** 20)} MiB in one JSON text, more than ${LARGEST / 2 ** 20}.`,
          'Write an object in every line (.jsonl), which is read piece by piece.',
        ),
      ]);
    }
    const bytes = await readFile(path);
    return decodeUnicode(bytes) ?? new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof BadInputError) throw error;
    const reason = error instanceof TypeError ? 'it is not UTF-8' : messageOf(error);
    throw new BadInputError([
      pathProblem(`${name} cannot be read: ${reason}.`, 'Check the file, its encoding and its permissions.'),
    ]);
  }
}
