import { extname, isAbsolute, join, normalize } from 'node:path';
import { access } from 'node:fs/promises';
import { isImageName } from '../../images/decoding/decodeImage.ts';
import { ImageFile, type EncodedImage } from '../../images/decoding/encodedImage.ts';
import { indexFiles } from '../../fileIndex.ts';
import { SPLIT_NAMES, type SplitName } from '../../splitNames.ts';
import { pathProblem, refuseIfAny, shortList } from '../../../findings/problems.ts';
import { classOf } from '../targets/chooseTargets.ts';
import { lacksValue, type Column, type Table } from '../column.ts';
import { imagesInCells } from './imagesInCells.ts';
import { selectRows } from '../labelledRows.ts';

/** What a column of numbers is called that may name images, or recordings: `id`, `image_id`, `photo`. */
export const NAMES_FILES = /(?:^|[^a-z])(?:ids?|images?|img|files?|file_?name|name|pictures?|photos?|path)$/i;
/** Rows that are looked at to learn whether a column names images, and the share that has to. */
const LOOKED_AT = 50;
const MOST_FOUND = 0.8;
/** Share of the rows whose images may be missing; with more, something else is wrong. */
const MOST_MISSING = 0.5;

/**
 * The table with the images that a column names, without that column; the table itself when there is none. A column names images by
 * their paths from the folder on, or by their names in any folder below it, with extension or without, as ids.
 *
 * @param folder that paths start from
 * @throws BadInputError naming every path that leads out of the folder
 */
export async function withImages(table: Table, folder: string): Promise<Table> {
  if (table.images) return table;
  const written = imagesInCells(table);
  if (written) return written;
  const paths = table.columns.find(
    (each) => each.kind === 'words' && each.words.length > 0 && each.words.every(isImageName),
  );
  if (paths?.kind === 'words') {
    const named = Array.from({ length: table.count }, (_, row) => paths.words[paths.codes[row] ?? 0] ?? '');
    if (named.every((name) => leadsOut(name) && !hasStepsUp(name))) {
      const moved = await movedImages(table, folder, paths, named);
      if (moved) return moved;
    }
    refuseLeadingOut(table, named);
    const known = await Promise.all(rowsToLookAt(table.count).map((row) => isThere(join(folder, named[row] ?? ''))));
    if (known.some((each) => each))
      return { ...without(table, paths), images: named.map((name) => new ImageFile(folder, name)) };
    return (
      (await imagesByName(table, folder, [paths])) ?? {
        ...without(table, paths),
        images: named.map((name) => new ImageFile(folder, name)),
      }
    );
  }
  const candidates = table.columns.filter((column) => mayNameImages(column, table));
  return (candidates.length > 0 ? await imagesByName(table, folder, candidates) : undefined) ?? table;
}

/** Directories in front of a path that are looked past. */
const MOST_IN_FRONT = 12;

/**
 * The table with images whose paths were written on another machine (`/kaggle/input/cats/train/7.png`), where all lie in the folder once the same
 * directories are taken off the front; undefined where they do not.
 */
async function movedImages(
  table: Table,
  folder: string,
  column: Column,
  named: readonly string[],
): Promise<Table | undefined> {
  const steps = named.map((name) => name.split(/[\\/]+/));
  const looked = rowsToLookAt(table.count);
  for (let front = 1; front <= MOST_IN_FRONT; front++) {
    const start = (steps[0] ?? []).slice(0, front).join('/');
    if (steps.some((each) => each.length <= front || each.slice(0, front).join('/') !== start)) return undefined;
    const paths = steps.map((each) => join(...each.slice(front)));
    const found = await Promise.all(looked.map((row) => isThere(join(folder, paths[row] ?? ''))));
    if (!found.every((each) => each)) continue;
    const note = `${table.file}: the paths of '${column.name}' begin with ${start}, which is not here; the images are those that lie in the folder of the file, such as ${paths[0] ?? ''}.`;
    return {
      ...without(table, column),
      images: paths.map((path) => new ImageFile(folder, path)),
      notes: [...(table.notes ?? []), note],
    };
  }
  return undefined;
}

function hasStepsUp(path: string): boolean {
  return path.split(/[\\/]/).includes('..');
}

/** The table with images that are found by their names alone; undefined where no column names any. */
async function imagesByName(table: Table, folder: string, candidates: readonly Column[]): Promise<Table | undefined> {
  const index = await indexFiles(folder, isImageName, splitOf(table.file));
  if (index.count === 0) return undefined;
  const pathOf = (column: Column, row: number): string | undefined => {
    const name = classOf(column, row);
    const last = name.split(/[\\/]/).at(-1) ?? name;
    // Images are converted, and tables keep their names.
    return index.find(last) ?? (isImageName(last) ? index.find(last.slice(0, -extname(last).length)) : undefined);
  };
  const looked = rowsToLookAt(table.count);
  const column = candidates.find(
    (each) => looked.filter((row) => pathOf(each, row) !== undefined).length >= MOST_FOUND * looked.length,
  );
  if (!column) return undefined;
  const rows: number[] = [];
  const images: EncodedImage[] = [];
  const missing: string[] = [];
  for (let row = 0; row < table.count; row++) {
    const path = pathOf(column, row);
    if (path === undefined) missing.push(classOf(column, row));
    else {
      rows.push(row);
      images.push(new ImageFile(folder, path));
    }
  }
  if (missing.length > MOST_MISSING * table.count) return undefined;
  const kept = missing.length === 0 ? table : selectRows(table, rows);
  const unused = index.count - new Set(images.map(({ name }) => name)).size;
  const others = unused === 0 ? '' : `; ${unused} images are named by no row and not used`;
  const lacking =
    missing.length === 0
      ? []
      : [
          `${table.file}: ${missing.length} of ${table.count} rows name no image that is there, '${missing[0] ?? ''}' first, and are left out.`,
        ];
  return {
    ...without(kept, column.name),
    images,
    notes: [
      ...(table.notes ?? []),
      `${table.file}: the column '${column.name}' names the images, such as ${images[0]?.name ?? ''}${others}.`,
    ],
    remarks: [...table.remarks, ...lacking],
  };
}

/** Words that hardly ever occur twice, and whole numbers in a column that is called so. */
function mayNameImages(column: Column, { count }: Table): boolean {
  if (column.kind === 'words') {
    const isShort = column.words.slice(0, LOOKED_AT).every((word) => !/\s\S+\s/.test(word.trim()));
    return isShort && column.words.length >= MOST_FOUND * count;
  }
  if (!NAMES_FILES.test(column.name.replace(/([a-z])([A-Z])/g, '$1 $2'))) return false;
  return rowsToLookAt(count).every((row) => lacksValue(column, row) || Number.isInteger(column.values[row]));
}

/** Rows from all over a table that tell what a column is. */
export function rowsToLookAt(count: number): readonly number[] {
  const some = Math.min(count, LOOKED_AT);
  return Array.from({ length: some }, (_, index) => Math.floor((index * count) / some));
}

/** The split that a table's name has in it; training where there is none. */
function splitOf(file: string): SplitName {
  const words = file.toLowerCase().split(/[-_. ]/);
  const others = ['validation', 'test'] as const;
  return others.find((split) => SPLIT_NAMES[split].some((word) => words.includes(word))) ?? 'training';
}

/** A sentence for all paths that begin alike. */
function refuseLeadingOut(table: Table, names: readonly string[]): void {
  const rowsOf = new Map<string, number[]>();
  for (const [row, name] of names.entries()) {
    if (!leadsOut(name)) continue;
    const start = name.split(/[\\/]/, 2).join('/');
    const rows = rowsOf.get(start);
    if (rows) rows.push(row);
    else rowsOf.set(start, [row]);
  }
  const problems = [...rowsOf.values()].map(([first = 0, ...others]) => {
    const more = others.length === 0 ? '' : ` (and ${others.length} more like it)`;
    return pathProblem(
      `Line ${table.lineOf(first)} of ${table.file} names ${names[first] ?? ''}${more}, which is not in the folder of the file.`,
      'Paths of images start from the folder of the file and stay in it.',
    );
  });
  refuseIfAny(shortList(problems, 'lines'));
}

function leadsOut(path: string): boolean {
  return isAbsolute(path) || /^(?:[A-Za-z]:|[\\/])/.test(path) || normalize(path).split(/[\\/]/).includes('..');
}

function without(table: Table, column: Column | string): Table {
  return { ...table, columns: table.columns.filter((each) => each !== column && each.name !== column) };
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
