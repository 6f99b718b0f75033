import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { BadInputError, DistilleryError, reasonOf } from '../../../../errors.ts';
import { makeTemporaryFolder, removeTemporaryFolder } from '../../../archives/temporaryFolder.ts';
import { pathProblem } from '../../../findings/problems.ts';
import { SPLIT_NAMES, type SplitName } from '../../splitNames.ts';
import { readDelimited } from '../reading/readDelimited.ts';
import type { FileTables, TableKind } from '../reading/tableKind.ts';
import type { TableReader } from '../reading/tableReader.ts';
import { readOds } from './readOds.ts';
import { readXlsx } from './readXlsx.ts';
import { listOf } from '../../../findings/wording.ts';
import type { SheetFile } from './sheetFile.ts';
import { ZippedXml } from './zippedXml.ts';

/** What sheets are called that describe the others. */
const DESCRIBES =
  /^(?:(?:data|variable) )?(?:dictionary|descriptions?|definitions?|legend|glossary|codebook|code book|info|information|notes?|variables?|attributes?)$|^(?:read ?me|about|meta ?data|cover|contents|instructions|sources?|change ?log)$/i;
/** A sheet is a table when it has so many rows of several cells: a header and two samples. */
const FEWEST_ROWS = 3;

/** Workbooks of Excel and of LibreOffice: the sheets are read as tables of text are, with all that is found out about these. */
export const workbookFiles: TableKind = {
  format: 'workbook',
  ending: /\.(?:xlsx|xlsm|ods)$/i,
  open: async (path, wanted, signal) => {
    const folder = await makeTemporaryFolder();
    const dispose = (): Promise<void> => removeTemporaryFolder(folder);
    try {
      const sheets = await readSheets(path, folder, wanted, signal);
      return { ...chooseSheets(basename(path), sheets, wanted, signal), dispose };
    } catch (error) {
      await dispose();
      throw error;
    }
  },
};

async function readSheets(
  path: string,
  folder: string,
  wanted: string | undefined,
  signal: AbortSignal | undefined,
): Promise<readonly SheetFile[]> {
  const name = basename(path);
  // The text of every sheet is called as the workbook is, which is what messages name.
  const folderOf = (sheet: number): string => {
    const inner = join(folder, String(sheet));
    mkdirSync(inner);
    return inner;
  };
  try {
    const book = await ZippedXml.open(path);
    try {
      if (book.has('content.xml')) return await readOds(book, folderOf, name, signal);
      if (book.has('xl/workbook.xml')) return await readXlsx(book, folderOf, name, wanted, signal);
      throw new Error('it is a zip archive, but no workbook');
    } finally {
      book.close();
    }
  } catch (error) {
    if (error instanceof DistilleryError) throw error;
    throw new BadInputError([
      pathProblem(
        `${name} cannot be read as a workbook: ${reasonOf(error)}.`,
        'Save it again, or as .csv; one with a password is saved without.',
      ),
    ]);
  }
}

function chooseSheets(
  file: string,
  sheets: readonly SheetFile[],
  wanted: string | undefined,
  signal: AbortSignal | undefined,
): FileTables {
  const names = sheets.map(({ name }) => name);
  const reader = (sheet: SheetFile, told: readonly string[] = [], notes: readonly string[] = []): TableReader => {
    return async (storage) => {
      const table = await readDelimited(sheet.path, { storage, signal });
      return {
        ...table,
        remarks: [...told, ...remarksOn(file, sheet), ...table.remarks],
        notes: [...notes, ...(table.notes ?? [])],
      };
    };
  };
  if (wanted !== undefined) {
    const sheet =
      sheets.find(({ name }) => name === wanted) ??
      sheets.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
    if (sheet) return { training: reader(sheet) };
    throw new BadInputError([
      {
        where: 'dataset.table',
        message: `${file} has no sheet '${wanted}'.`,
        hint: `It has ${names.map((name) => `'${name}'`).join(', ')}.`,
      },
    ]);
  }
  const split = (name: SplitName): SheetFile | undefined =>
    sheets.find((sheet) => (SPLIT_NAMES[name] as readonly string[]).includes(sheet.name.toLowerCase()));
  const training = split('training');
  if (training) {
    const [validation, test] = [split('validation'), split('test')];
    return {
      training: reader(training, [], [`The sheets of ${file} are its splits: ${names.join(', ')}.`]),
      validation: validation && reader(validation),
      test: test && reader(test),
    };
  }
  const whole = sheets.filter(({ rows }) => rows >= FEWEST_ROWS);
  const data = whole.filter(({ name }) => !DESCRIBES.test(name.replaceAll(/[-_.]+/g, ' ').trim()));
  const tables = data.length > 0 ? data : whole;
  const [first, second] = tables;
  if (!first) {
    throw new BadInputError([
      pathProblem(
        `${file} has no sheet that is a table; it has ${names.map((name) => `'${name}'`).join(', ') || 'none'}.`,
        'A table has a row of names, and a row with several cells for every sample.',
      ),
    ]);
  }
  if (second) {
    const others = tables.slice(1).map(({ name }) => `'${name}'`);
    return {
      training: reader(first, [
        `${file} has ${tables.length} sheets that are tables; the first, '${first.name}', is read, and ${others.slice(0, 10).join(', ')} ${others.length === 1 ? 'is' : 'are'} not. Say in dataset.table which one is meant.`,
      ]),
    };
  }
  const describing = whole.filter((sheet) => sheet !== first).map(({ name }) => name);
  if (describing.length > 0) {
    const note = `Of ${file}, the sheet '${first.name}' is read, and not ${listOf(describing)}, which by its name only describes it; dataset.table names another.`;
    return { training: reader(first, [], [note]) };
  }
  return {
    training: reader(
      first,
      [],
      names.length > 1 ? [`Of ${file}, the sheet '${first.name}' is read, the only one that is a table.`] : [],
    ),
  };
}

function remarksOn(file: string, { name, uncomputed, failed, merged, footnotes }: SheetFile): readonly string[] {
  const where = `the sheet '${name}' of ${file}`;
  return [
    ...(uncomputed > 0
      ? [
          `In ${where}, ${uncomputed} formulas have no stored value and count as missing; open it in a program for workbooks and save it.`,
        ]
      : []),
    ...(failed > 0 ? [`In ${where}, ${failed} cells hold an error such as #N/A and count as missing.`] : []),
    ...(footnotes > 0
      ? [`In ${where}, ${footnotes} rows of one cell below the table and an empty row are notes and are left out.`]
      : []),
    ...(merged > 0
      ? [
          `In ${where}, cells are merged in ${merged} places: only the first of them has the value, the others count as missing.`,
        ]
      : []),
  ];
}
