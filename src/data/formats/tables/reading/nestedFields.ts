import { BadInputError } from '../../../../errors.ts';
import { pathProblem } from '../../../findings/problems.ts';
import type { Storage } from '../column.ts';
import { targetRank } from '../targets/usualTargets.ts';
import type { JsonRecord } from './readJsonLines.ts';

/** Objects within objects that become columns. */
const DEEPEST = 4;
/** Numbers of lists that become cells, in all rows together; as rows of named values they take some 16 bytes each. */
const MOST_CELLS = 2 ** 26;
const MOST_NAMED = 8;

/** Records whose values are cells as far as they can be, and what was made of those that were not. */
export interface FlatRecords {
  readonly records: readonly JsonRecord[];
  readonly notes: readonly string[];
}

/**
 * Makes cells of what is nested: the fields of objects become columns of their own (`user.age`), and so do the numbers of lists that have
 * the same length in every row (`x[0]`). Lists of texts, and of numbers in a column that is called as labels are, become their JSON, or the only
 * value that they have. Other lists are left as they are; those of columns that are said to be words become their JSON, too.
 *
 * @param file its name, for messages
 * @throws BadInputError when the numbers in lists are more than memory should take
 */
export function flattenNested(
  file: string,
  records: readonly JsonRecord[],
  storage: ReadonlyMap<string, Storage>,
): FlatRecords {
  if (!records.some(({ fields }) => Object.values(fields).some(isNested))) return { records, notes: [] };
  const taken = new Set<string>();
  let flat = records;
  for (let depth = 0; depth < DEEPEST; depth++) {
    const objects = columnsOfObjects(flat, storage);
    if (objects.size === 0) break;
    flat = flat.map(({ line, fields }) => ({ line, fields: withoutObjects(fields, objects, taken) }));
  }
  const lengths = listLengths(flat, storage);
  const wide = [...lengths].filter(([, length]) => length > 0);
  const cells = wide.reduce((sum, [, length]) => sum + length, 0) * records.length;
  if (cells > MOST_CELLS) {
    throw new BadInputError([
      pathProblem(
        `${file} has ${cells} numbers in lists, more than ${MOST_CELLS}.`,
        'Keep arrays of that size as .npz, or images as files.',
      ),
    ]);
  }
  const expanded = new Map(wide);
  const words = [...storage].filter(([, kind]) => kind === 'words').map(([name]) => name);
  const labels = labelLists(flat, storage, expanded);
  const result = flat.map(({ line, fields }) => ({ line, fields: withoutLists(fields, { expanded, words, labels }) }));
  const notes: string[] = [];
  if (taken.size > 0)
    notes.push(`The fields of the objects in ${file} are columns of their own: ${listed([...taken])}.`);
  if (wide.length > 0) {
    const lists = wide.map(([name, length]) => `${name}[0] to ${name}[${length - 1}]`);
    notes.push(`The numbers of the lists in ${file} are columns of their own: ${listed(lists)}.`);
  }
  const several = [...labels].filter(([, most]) => most > 1).map(([name]) => name);
  if (several.length > 0) notes.push(`The lists in ${file} are cells of words: ${listed(several)}.`);
  return { records: result, notes };
}

function listed(names: readonly string[]): string {
  const rest = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return isNested(value) && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** Columns that have an object, or nothing, in every row. */
function columnsOfObjects(records: readonly JsonRecord[], storage: ReadonlyMap<string, Storage>): ReadonlySet<string> {
  const isAll = new Map<string, boolean>();
  for (const { fields } of records) {
    for (const [name, value] of Object.entries(fields)) {
      if (value === null || value === undefined || storage.get(name) === 'words') continue;
      isAll.set(name, isObject(value) && isAll.get(name) !== false);
    }
  }
  return new Set([...isAll].flatMap(([name, is]) => (is ? [name] : [])));
}

function withoutObjects(
  fields: JsonRecord['fields'],
  objects: ReadonlySet<string>,
  taken: Set<string>,
): Readonly<Record<string, unknown>> {
  const flat: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (!objects.has(name)) flat[name] = value;
    else if (isObject(value)) {
      for (const [inner, content] of Object.entries(value)) {
        flat[`${name}.${inner}`] = typeof content === 'bigint' ? Number(content) : content;
        if (!isObject(content)) taken.add(`${name}.${inner}`);
        else taken.delete(`${name}.${inner}`);
      }
    }
  }
  return flat;
}

type NumberList = ArrayLike<number | bigint | boolean>;

function numbersOf(value: unknown): NumberList | undefined {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return value as unknown as NumberList;
  if (!Array.isArray(value)) return undefined;
  const isAll = value.every(
    (each) => typeof each === 'number' || typeof each === 'bigint' || typeof each === 'boolean',
  );
  return isAll ? value : undefined;
}

/** The length of the lists of a column, 0 where they are not lists of numbers of one length in every row. */
function listLengths(
  records: readonly JsonRecord[],
  storage: ReadonlyMap<string, Storage>,
): ReadonlyMap<string, number> {
  const lengths = new Map<string, number>();
  for (const { fields } of records) {
    for (const [name, value] of Object.entries(fields)) {
      if (value === null || value === undefined || storage.get(name) === 'words') continue;
      const length = numbersOf(value)?.length ?? 0;
      const known = lengths.get(name);
      lengths.set(name, known === undefined || known === length ? length : 0);
    }
  }
  return lengths;
}

/** How long the lists of columns are that hold nothing but texts, or numbers where they are called as labels are. */
function labelLists(
  records: readonly JsonRecord[],
  storage: ReadonlyMap<string, Storage>,
  expanded: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const lengths = new Map<string, number>();
  const others = new Set<string>();
  for (const { fields } of records) {
    for (const [name, value] of Object.entries(fields)) {
      if (value === null || value === undefined || storage.get(name) === 'words' || (expanded.get(name) ?? 0) > 0)
        continue;
      const most = lengths.get(name) ?? 0;
      if (areLabels(value, targetRank(name) !== undefined)) lengths.set(name, Math.max(most, value.length));
      else others.add(name);
    }
  }
  return new Map([...lengths].filter(([name]) => !others.has(name)));
}

function areLabels(value: unknown, mayBeNumbers: boolean): value is readonly unknown[] {
  if (!Array.isArray(value)) return mayBeNumbers && numbersOf(value) !== undefined;
  return value.every((each) => typeof each === 'string' || (mayBeNumbers && /^(?:number|bigint)$/.test(typeof each)));
}

interface Lists {
  readonly expanded: ReadonlyMap<string, number>;
  readonly words: readonly string[];
  readonly labels: ReadonlyMap<string, number>;
}

function withoutLists(
  fields: JsonRecord['fields'],
  { expanded, words, labels }: Lists,
): Readonly<Record<string, unknown>> {
  const flat: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    const length = expanded.get(name);
    if (length !== undefined && length > 0) {
      const numbers = numbersOf(value);
      for (let at = 0; at < length; at++) {
        const number = numbers?.[at];
        flat[`${name}[${at}]`] = number === undefined ? undefined : Number(number);
      }
    } else if (isNested(value) && (labels.has(name) || (words.includes(name) && areLabels(value, false)))) {
      const list = Array.from(value as ArrayLike<unknown>, (each) => (typeof each === 'bigint' ? Number(each) : each));
      flat[name] = list.length > 1 ? JSON.stringify(list) : list[0];
    } else flat[name] = isNested(value) && words.includes(name) ? JSON.stringify(value) : value;
  }
  return flat;
}
