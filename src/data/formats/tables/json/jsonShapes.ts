import { BadInputError } from '../../../../errors.ts';
import { pathProblem } from '../../../findings/problems.ts';
import { SPLIT_NAMES, type SplitName } from '../../splitNames.ts';
import { listedByClass } from './classLists.ts';
import { labelledFiles } from './labelledFiles.ts';
import { plainRecords } from './recordForms.ts';
import type { JsonRecord } from '../reading/readJsonLines.ts';

/** The records of a split, and what was understood of how they lie there. */
export interface JsonRecords {
  readonly records: readonly JsonRecord[];
  readonly notes: readonly string[];
  /** What the numbers of the records count. */
  readonly unit: 'Line' | 'Row';
}

export type JsonSplits = Readonly<Partial<Record<SplitName, JsonRecords>>> & { readonly training: JsonRecords };

/** An object of more fields is one of rows by their names. */
const MOST_FIELDS = 5;

type JsonObject = Readonly<Record<string, unknown>>;

const WANTED =
  'Write a list of objects, [{"x": 1, "label": "a"}, …], an object of columns, {"x": [1, …], "label": ["a", …]}, or one of these as "data".';

/**
 * Understands the contents of a JSON file as a table, or as one for each split: a list of objects or of rows, columns, what pandas writes
 * in any of its orientations, and objects that have one of these among their fields.
 *
 * @param wanted the field that is meant where there are several tables
 * @throws BadInputError when it is no table, or not clear which one is meant
 */
export function tablesOfJson(value: unknown, file: string, wanted: string | undefined): JsonSplits {
  if (isObject(value) && wanted !== undefined) {
    if (Object.hasOwn(value, wanted)) return { training: tableOf(value[wanted], file) };
    throw new BadInputError([
      {
        where: 'dataset.table',
        message: `${file} has no field '${wanted}'.`,
        hint: `It has ${Object.keys(value).slice(0, 10).join(', ')}.`,
      },
    ]);
  }
  const files = labelledFiles(value);
  if (files) return { training: records(files.rows, [`${file} names files and their labels. ${files.note}`]) };
  if (isObject(value)) {
    const keys = Object.keys(value).filter((key) => isTable(value[key]));
    const keyOf = (split: SplitName): string | undefined =>
      keys.find((key) => (SPLIT_NAMES[split] as readonly string[]).includes(key.toLowerCase()));
    const training = keyOf('training');
    if (training !== undefined) {
      const [validation, test] = [keyOf('validation'), keyOf('test')];
      return {
        training: tableOf(value[training], file),
        ...(validation !== undefined && { validation: tableOf(value[validation], file) }),
        ...(test !== undefined && { test: tableOf(value[test], file) }),
      };
    }
  }
  return { training: tableOf(value, file) };
}

function tableOf(value: unknown, file: string): JsonRecords {
  if (Array.isArray(value)) return rowsOf(value, file);
  if (!isObject(value)) throw refused(`${file} is no table, but ${kindOf(value)}.`);
  const { columns, data, schema } = value;
  if (isTexts(columns) && Array.isArray(data) && data.every(Array.isArray)) {
    return records(
      data.map((row) => fieldsOf(columns, row)),
      [],
    );
  }
  if (isObject(schema) && Array.isArray(data)) return rowsOf(data, file);
  const byClass = listedByClass(value);
  if (byClass) return records(byClass.rows, [`${file} ${byClass.note}`]);
  const entries = Object.entries(value);
  const lists = entries.filter(([, content]) => Array.isArray(content) && content.length > 0);
  if (entries.length > 0 && lists.length === entries.length && entries.every(([, content]) => isCells(content))) {
    return columnsTable(value as Readonly<Record<string, readonly unknown[]>>, file);
  }
  const tables = entries.filter(([, content]) => isTable(content));
  const [only, second] = tables;
  if (only && !second && Array.isArray(only[1])) {
    const others = entries.filter(([key]) => key !== only[0]).map(([key]) => key);
    const found = rowsOf(only[1], file);
    const passed =
      others.length === 0 ? '' : `; ${others.slice(0, 10).join(', ')} ${others.length === 1 ? 'is' : 'are'} not read`;
    return { ...found, notes: [`The rows of ${file} are its field '${only[0]}'${passed}.`, ...found.notes] };
  }
  if (tables.some(([, content]) => Array.isArray(content))) {
    throw refused(
      `${file} has ${tables.length} tables: ${tables
        .map(([key]) => key)
        .slice(0, 10)
        .join(', ')}.`,
      'Say in dataset.table which one is meant, or call them train, validation and test.',
    );
  }
  const inside = entries.flatMap(([key, content]) => (isObject(content) ? listsWithin(key, content) : []));
  const [deep, another] = inside;
  if (deep && !another && entries.length <= MOST_FIELDS) {
    const found = rowsOf(deep.rows, file);
    return { ...found, notes: [`The rows of ${file} are its field '${deep.path}'.`, ...found.notes] };
  }
  if (entries.length > 0 && entries.every(([, content]) => isObject(content))) {
    return indexed(value as Readonly<Record<string, JsonObject>>, file);
  }
  throw refused(
    `${file} holds one object and no table; its fields are ${entries
      .map(([key]) => key)
      .slice(0, 10)
      .join(', ')}.`,
  );
}

/** Lists of at least two objects in the fields of an object. */
function listsWithin(
  path: string,
  value: JsonObject,
): readonly { readonly path: string; readonly rows: readonly unknown[] }[] {
  return Object.entries(value).flatMap(([key, content]) => {
    if (!Array.isArray(content)) return isObject(content) ? listsWithin(`${path}.${key}`, content) : [];
    return content.length > 1 && content.every(isObject) ? [{ path: `${path}.${key}`, rows: content }] : [];
  });
}

function rowsOf(rows: readonly unknown[], file: string): JsonRecords {
  if (rows.length === 0) throw refused(`${file} has no rows.`);
  if (rows.every(isObject)) {
    const found = records(rows, []);
    const plain = plainRecords(file, found.records);
    return plain ? { ...found, records: plain.records, notes: [plain.note] } : found;
  }
  if (rows.every(Array.isArray)) {
    const [first = [], ...others] = rows as readonly (readonly unknown[])[];
    const hasNames = isTexts(first) && others.length > 0 && others.some((row) => !isTexts(row));
    const names = hasNames ? first : first.map((_, column) => `column ${column + 1}`);
    const uneven = rows.findIndex((row) => row.length !== first.length);
    if (uneven >= 0) {
      throw refused(
        `Row ${uneven + 1} of ${file} has ${rows[uneven]?.length ?? 0} values, but the first has ${first.length}.`,
        'Every row needs a value for every column; null where there is none.',
      );
    }
    const note = hasNames
      ? `The first row of ${file} names the columns.`
      : `The rows of ${file} are lists, so its columns are called 'column 1' and so on.`;
    return records(
      (hasNames ? others : rows).map((row: readonly unknown[]) => fieldsOf(names, row)),
      [note],
      hasNames ? 2 : 1,
    );
  }
  const odd = rows.findIndex((row) => !isObject(row));
  throw refused(`Row ${odd + 1} of ${file} is ${kindOf(rows[odd])} and no object.`);
}

function columnsTable(columns: Readonly<Record<string, readonly unknown[]>>, file: string): JsonRecords {
  const names = Object.keys(columns);
  const lengths = names.map((name) => columns[name]?.length ?? 0);
  const [length = 0] = lengths;
  const odd = lengths.findIndex((each) => each !== length);
  if (odd >= 0) {
    throw refused(
      `In ${file} the column '${names[odd] ?? ''}' has ${lengths[odd] ?? 0} values, but '${names[0] ?? ''}' has ${length}.`,
      'Every column has as many values as there are rows.',
    );
  }
  const rows = Array.from({ length }, (_, row) =>
    Object.fromEntries(names.map((name) => [name, columns[name]?.[row]])),
  );
  return records(rows, []);
}

/** Objects of objects: columns by the number of their rows, as pandas writes them, or rows by their names. */
function indexed(value: Readonly<Record<string, JsonObject>>, file: string): JsonRecords {
  const [first = {}] = Object.values(value);
  const rowNames = Object.keys(first);
  if (rowNames.length > 0 && rowNames.every((name) => /^\d+$/.test(name))) {
    const names = Object.keys(value);
    const all = new Set(names.flatMap((name) => Object.keys(value[name] ?? {})));
    return records(
      [...all].map((row) => Object.fromEntries(names.map((name) => [name, value[name]?.[row]]))),
      [],
    );
  }
  const note = `The rows of ${file} are the ${Object.keys(value).length} fields of its object, whose names ('${Object.keys(value)[0] ?? ''}', …) are no column.`;
  return records(Object.values(value), [note]);
}

function records(rows: readonly JsonObject[], notes: readonly string[], first = 1): JsonRecords {
  return { records: rows.map((fields, row) => ({ line: row + first, fields })), notes, unit: 'Row' };
}

function fieldsOf(names: readonly string[], row: readonly unknown[]): JsonObject {
  return Object.fromEntries(names.map((name, column) => [name, row[column]]));
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string');
}

/** Whether a list holds values, and no rows. */
function isCells(value: unknown): boolean {
  return Array.isArray(value) && !value.some((each) => isObject(each));
}

function isTable(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && (value.every(isObject) || value.every(Array.isArray));
  return (
    isObject(value) && Object.values(value).length > 0 && Object.values(value).every((each) => Array.isArray(each))
  );
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return typeof value === 'object'
    ? Array.isArray(value)
      ? 'a list'
      : 'an object'
    : `a ${typeof value === 'string' ? 'text' : typeof value}`;
}

function refused(message: string, hint = WANTED): BadInputError {
  return new BadInputError([pathProblem(message, hint)]);
}
