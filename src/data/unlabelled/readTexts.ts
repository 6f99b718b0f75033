import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BadInputError, messageOf, type Problem } from '../../errors.ts';
import { throwIfCancelled } from '../cancellation.ts';
import { pathProblem, refuseIfAny, shortList } from '../findings/problems.ts';
import type { Table } from '../formats/tables/column.ts';
import type { Location } from '../source.ts';
import { filesBelow } from './filesBelow.ts';

const TEXT_NAME = /\.txt$/i;

/**
 * Texts that are no table: a text in every line of a .txt file that is not empty, or one in every .txt file in and below a folder.
 *
 * @param columns the one that texts lie in
 * @throws BadInputError with everything that cannot be read
 */
export async function readTexts(
  { folder, file }: Location,
  columns: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Table> {
  const [column, second] = columns;
  const place = file === undefined ? folder : join(folder, file);
  if (column === undefined || second !== undefined) {
    throw new BadInputError([
      pathProblem(
        `${place} has no columns, and texts are made of ${columns.join(' and ')}.`,
        'Give a table with them.',
      ),
    ]);
  }
  const texts: string[] = [];
  const problems: Problem[] = [];
  const names = file === undefined ? await filesBelow(folder, (name) => TEXT_NAME.test(name)) : [file];
  for (const name of names) {
    throwIfCancelled(signal);
    try {
      const bytes = await readFile(join(folder, name));
      if (!isUtf8(bytes)) problems.push(pathProblem(`The text ${name} is not UTF-8.`, 'Save it as UTF-8.'));
      if (file === undefined) texts.push(bytes.toString());
      else
        texts.push(
          ...bytes
            .toString()
            .split(/\r?\n/)
            .filter((line) => line.trim() !== ''),
        );
    } catch (error) {
      problems.push(pathProblem(`The text ${name} cannot be read: ${messageOf(error)}.`, 'Replace or remove it.'));
    }
  }
  refuseIfAny(shortList(problems, 'texts'));
  return {
    file: basename(place),
    count: texts.length,
    columns: [{ kind: 'words', name: column, words: texts, codes: Int32Array.from(texts, (_, row) => row) }],
    lineOf: (row) => row + 1,
    remarks: [],
  };
}
