import { listOf } from '../../../findings/wording.ts';
import { SINGLE_QUOTE } from './dialect.ts';
import type { OpeningLines } from './openingLines.ts';

const DELIMITER_NAMES: Readonly<Record<string, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'bars',
  ' ': 'blanks',
  ':': 'two colons',
};

/** How a file was understood, where that is not as most are: in a `.csv` commas between cells, points in numbers, a header. */
export function describeDialect(
  file: string,
  { dialect, header, headerLines, counted, names, repeated, decimalComma }: OpeningLines,
): readonly string[] {
  const delimiter = String.fromCharCode(dialect.delimiter);
  const usual = /\.(?:tsv|tab|txt)$/i.test(file) ? '\t' : ',';
  const told: string[] = [];
  if (delimiter !== usual && names.length > 1)
    told.push(`${DELIMITER_NAMES[delimiter] ?? `'${delimiter}'`} between cells`);
  if (decimalComma === true) told.push('decimal commas in numbers');
  if (dialect.quote === SINGLE_QUOTE) told.push("cells in single quotes (')");
  if (dialect.escapes === true) told.push('backslashes before quotation marks inside of cells');
  if (dialect.preamble !== undefined) {
    told.push(
      dialect.preamble === 1
        ? 'the first line is no part of the table'
        : `the first ${dialect.preamble} lines are no part of the table`,
    );
  }
  if (dialect.comments === true) told.push('lines that begin with # are comments');
  if (counted !== undefined)
    told.push(`the first line (${counted}) counts the rows and columns, and names the classes`);
  if (headerLines === 2) told.push('two lines that name the columns');
  if (headerLines === 3) told.push('two lines below the names of the columns that explain them');
  if (repeated.length > 0) told.push(`columns of the same name, of which the later are called ${listOf(repeated)}`);
  if (!header)
    told.push(
      `no line that names the columns, which are called ${names.length > 1 ? "'column 1', 'column 2' and so on" : "'column 1'"}`,
    );
  return told.length === 0 ? [] : [`How ${file} was read: ${told.join('; ')}.`];
}
