import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInputError } from '../errors.ts';
import { pathProblem } from './findings/problems.ts';
import { plainTextKind } from './formats/tables/reading/plainTextKind.ts';
import type { Location } from './source.ts';

/** Files of a folder that are looked into. */
const MOST_LOOKED_AT = 50;
/** Files of texts, as those of one class. */
const TEXT = /\.(?:txt|pos|neg)$/i;
/** Programs and settings, which may look like tables. */
const NO_DATA =
  /\.(?:py|r|jl|m|js|ts|c|cc|cpp|h|java|sh|bat|ipynb|md|rst|tex|html?|xml|ya?ml|toml|ini|cfg|conf|log|lock|sql)$/i;

/** Files of a folder that are tables of text by what is in them. */
async function tablesOfAnyName(folder: string, files: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const file of files.slice(0, MOST_LOOKED_AT))
    if (await isTableOfAnyName({ folder, file, files, folders: [] })) found.push(file);
  return found;
}

/** Whether a file that was named is a table of text, whatever it is called. */
export async function isTableOfAnyName({ folder, file }: Location): Promise<boolean> {
  return file !== undefined && !NO_DATA.test(file) && (await plainTextKind(join(folder, file))) === 'table';
}

/** The first entry of a folder that is no file, folder or link. */
async function firstPipe(folder: string): Promise<string | undefined> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.find((entry) => !entry.isFile() && !entry.isDirectory() && !entry.isSymbolicLink())?.name;
}

/**
 * What is wrong with a location that no format recognises.
 *
 * @param descriptions of what was looked for
 */
export async function unknownData(location: Location, descriptions: readonly string[]): Promise<BadInputError> {
  const { folder, file, files, folders } = location;
  if (file !== undefined) {
    return new BadInputError([
      pathProblem(
        `The file ${file} in ${folder} is no dataset that is known.`,
        'Known are tables (.csv, .tsv, .json, .jsonl, .parquet, .arrow, .xlsx, .ods, .arff, .svm, SQLite), arrays (.npz, .npy), texts with labels (.conll), series (.ts), archives of these (.zip, .gz, .tar), and folders.',
      ),
    ]);
  }
  if (files.length + folders.length === 0) {
    const pipe = await firstPipe(folder);
    return new BadInputError([
      pipe === undefined
        ? pathProblem(`${folder} is empty.`, 'Give the folder or the file that has the data.')
        : pathProblem(
            `${folder} has nothing but pipes, sockets or devices, such as ${pipe}, which may never end.`,
            'Write what comes out of it to a file.',
          ),
    ]);
  }
  const likely = await tablesOfAnyName(folder, files);
  if (likely.length > 1) {
    return new BadInputError([
      pathProblem(
        `${folder} has ${likely.length} files that are tables of text, and none is called train: ${likely.slice(0, 10).join(', ')}.`,
        location.archive === undefined
          ? 'Name one of the files, or call them train, validation and test.'
          : 'Say in dataset.table which one is meant.',
      ),
    ]);
  }
  const texts = files.filter((name) => TEXT.test(name));
  if (texts.length > 1) {
    return new BadInputError([
      pathProblem(
        `${folder} has ${texts.length} files of text, ${texts.slice(0, 5).join(', ')}${texts.length > 5 ? ' …' : ''}, and nothing says what they are.`,
        "Where each holds texts of one class, a line each, join them to a table: awk -v OFS='\\t' '{ print FILENAME, $0 }' *.txt > texts.tsv.",
      ),
    ]);
  }
  return new BadInputError([
    pathProblem(`${folder} is no dataset that is known.`, `Looked for ${descriptions.join('; ')}.`),
  ]);
}
