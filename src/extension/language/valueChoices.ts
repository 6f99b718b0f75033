import type { Dirent } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join, posix, resolve } from 'node:path';
import { alternativesOf, experimentJsonSchema, type JsonSchema } from '../../experiment/jsonSchema.ts';
import { valueAt } from '../../experiment/valueAt.ts';
import { writtenPath } from '../../experiment/problemWording.ts';
import type { Picker } from '../../protocol/form.ts';
import { isBuiltin } from '../experiments/drafts.ts';

/** Something that a text may be. */
export interface ValueChoice {
  /** The whole text. */
  readonly value: string;
  readonly kind: 'file' | 'folder' | 'name' | 'field';
  /** What it is, in a word or two; empty where its kind says it. */
  readonly detail: string;
}

const BUILTIN = 'builtin:digits';
/** Folders may hold a file for every sample. */
const MOST_FILES = 500;
/** The names of columns stand at the beginning of a table. */
const HEADER_BYTES = 65_536;

/**
 * The files and folders that a path may go on with.
 *
 * @param baseDirectory folder that relative paths start from
 * @param typed the path as far as it is typed
 */
export async function fileChoices(
  baseDirectory: string,
  typed: string,
  picker: Picker,
): Promise<readonly ValueChoice[]> {
  const directory = typed.slice(0, typed.lastIndexOf('/') + 1);
  const entries = await entriesOf(resolve(baseDirectory, directory === '' ? '.' : directory));
  const choices = entries
    .filter((entry) => !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .filter((entry) => entry.isDirectory() || isWanted(entry.name, picker))
    .slice(0, MOST_FILES)
    .map((entry): ValueChoice => {
      const value = `${directory}${entry.name}`;
      return entry.isDirectory()
        ? { value: `${value}/`, kind: 'folder', detail: '' }
        : { value, kind: 'file', detail: '' };
    });
  return picker === 'dataset' && directory === ''
    ? [{ value: BUILTIN, kind: 'name', detail: '' }, ...choices]
    : choices;
}

/** Names of the classes of a dataset of image folders, which are its folders; none where the data have no such. */
export async function folderClasses(baseDirectory: string, dataset: unknown): Promise<readonly ValueChoice[]> {
  const path = valueAt(dataset, ['path']);
  if (typeof path !== 'string' || path === '') return [];
  if (isBuiltin(path)) return '0123456789'.split('').map((value) => ({ value, kind: 'name', detail: '' }));
  const root = resolve(baseDirectory, path);
  const folders = (await entriesOf(root)).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const training = folders.find((name) => /^train(ing)?$/i.test(name));
  const classes =
    training === undefined
      ? folders
      : (await entriesOf(join(root, training))).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return classes.map((value) => ({ value, kind: 'name', detail: '' }));
}

/** Names of the columns of a delimited table, from its first line; none where the data are no such table. */
export async function tableColumns(baseDirectory: string, dataset: unknown): Promise<readonly ValueChoice[]> {
  const path = valueAt(dataset, ['path']);
  if (typeof path !== 'string' || !/\.(csv|tsv)$/i.test(path)) return [];
  const [line = ''] = (await beginningOf(resolve(baseDirectory, path))).split(/\r?\n/);
  const delimiter = ['\t', ';', ','].find((candidate) => line.includes(candidate)) ?? ',';
  return line
    .split(delimiter)
    .map((name) => name.trim().replace(/^"(.*)"$/, '$1'))
    .filter((name) => name !== '')
    .map((value) => ({ value, kind: 'name', detail: '' }));
}

/** The fields that a search can vary: numbers, names and truth values of `training` and `student`, and lengths of lists. */
export function searchedFields(experiment: unknown): readonly ValueChoice[] {
  const schema = experimentJsonSchema();
  return ['student', 'training', 'objective'].flatMap((section) => {
    const node = schema.properties?.[section];
    return isNode(node) ? fieldsBelow(node, valueAt(experiment, [section]), [section]) : [];
  });
}

function fieldsBelow(node: JsonSchema, value: unknown, path: readonly (string | number)[]): readonly ValueChoice[] {
  return thoseThere(alternativesOf(node, value), value).flatMap((alternative): readonly ValueChoice[] => {
    if (alternative.const !== undefined && alternative.type === 'string') return [];
    switch (alternative.type) {
      case 'object':
        // Which of several networks is meant is not known before there is one.
        if (value === undefined && path.length === 1 && path[0] !== 'training') return [];
        return Object.entries(alternative.properties ?? {}).flatMap(([name, inner]) =>
          isNode(inner) ? fieldsBelow(inner, valueAt(value, [name]), [...path, name]) : [],
        );
      case 'array': {
        const items: readonly unknown[] = Array.isArray(value) ? value : [];
        const inner = alternative.items;
        if (!isNode(inner)) return [];
        const elements = items.flatMap((item, index) => fieldsBelow(inner, item, [...path, index]));
        const holdsNumbers = alternativesOf(inner, undefined).some(({ type }) => type === 'integer');
        return holdsNumbers ? [...elements, fieldOf([...path, 'length'])] : elements;
      }
      case 'number':
      case 'integer':
      case 'boolean':
        return [fieldOf(path)];
      case 'string':
        return alternative.enum && alternative.enum.length > 1 ? [fieldOf(path)] : [];
      case 'null':
      case undefined:
      default:
        return [];
    }
  });
}

/** The alternatives that have what they require, where any has: an MLP is no head on an extractor. */
function thoseThere(alternatives: readonly JsonSchema[], value: unknown): readonly JsonSchema[] {
  const complete = alternatives.filter(
    ({ type, required = [] }) => type === 'object' && required.every((key) => valueAt(value, [key]) !== undefined),
  );
  return complete.length > 0 ? complete : alternatives;
}

function fieldOf(path: readonly (string | number)[]): ValueChoice {
  return { value: writtenPath(path), kind: 'field', detail: '' };
}

function isWanted(name: string, picker: Picker): boolean {
  switch (picker) {
    case 'model':
      return posix.extname(name).toLowerCase() === '.onnx';
    case 'tokenizer':
      return posix.extname(name).toLowerCase() === '.json' && !name.endsWith('.distill.json');
    case 'dataset':
      return !/\.(onnx|distill\.json|md)$/i.test(name);
  }
}

/** Nothing where there is no such folder, or it may not be read. */
async function entriesOf(directory: string): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.sort((a, b) => Number(b.isDirectory()) - Number(a.isDirectory()) || a.name.localeCompare(b.name));
  } catch {
    return [];
  }
}

async function beginningOf(path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
      return buffer.toString('utf8', 0, bytesRead).replace(/^\uFEFF/, '');
    } finally {
      await file.close();
    }
  } catch {
    // What cannot be read offers no columns.
    return '';
  }
}

function isNode(schema: unknown): schema is JsonSchema {
  return typeof schema === 'object' && schema !== null && !Array.isArray(schema);
}
