import type { Problem } from '../../../../errors.ts';
import { pathProblem } from '../../../findings/problems.ts';
import type { NumberColumn, WordColumn } from '../column.ts';
import { isMissing } from './parseNumber.ts';

/** Numbers that a cell has at least before it is taken for a list: without brackets, fewer may be anything. */
const LEAST = { plain: 4, bracketed: 2 } as const;
const BRACKETED = /^[[(](.*)[\])]$/s;
/** Numbers in lists, in all rows together. */
const MOST_NUMBERS = 2 ** 26;

/**
 * The numbers of a column whose cells are lists of as many in every row, as the pixels of a picture or a place `(47.3, 8.5)`, a column for each. Undefined for
 * any other column.
 *
 * @param problems takes that there are more than memory should hold
 */
export function numbersInLists(
  { name, words, codes }: WordColumn,
  count: number,
  problems: Problem[],
): readonly NumberColumn[] | undefined {
  let width: number | undefined;
  const lists: (Float64Array | undefined)[] = [];
  for (const word of words) {
    const list = isMissing(word) ? undefined : listOf(word, width);
    if (!list && !isMissing(word)) return undefined;
    width ??= list?.length;
    lists.push(list);
  }
  if (width === undefined) return undefined;
  if (width * count > MOST_NUMBERS) {
    const message = `The lists in the column '${name}' hold ${width * count} numbers, more than ${MOST_NUMBERS}.`;
    problems.push(pathProblem(message, 'Keep arrays of that size as .npz, or images as files.'));
    return undefined;
  }
  return Array.from({ length: width }, (_, at) => ({
    kind: 'number',
    name: `${name}[${at}]`,
    values: Float64Array.from({ length: count }, (_, row) => lists[codes[row] ?? 0]?.[at] ?? NaN),
  }));
}

/** @param width how many numbers the list has to have, where that is known */
function listOf(word: string, width: number | undefined): Float64Array | undefined {
  const text = word.trim();
  const inner = BRACKETED.exec(text)?.[1];
  const cells = (inner ?? text).trim().split(/\s*[,;|]\s*|\s+/);
  if (cells.length < (inner === undefined ? LEAST.plain : LEAST.bracketed)) return undefined;
  if (width !== undefined && cells.length !== width) return undefined;
  const numbers = Float64Array.from(cells, (cell) => (cell === '' ? NaN : Number(cell)));
  return numbers.every((number) => Number.isFinite(number)) ? numbers : undefined;
}
