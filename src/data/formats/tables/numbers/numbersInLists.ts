import type { Problem } from '../../../../errors.ts';
import { pathProblem } from '../../../findings/problems.ts';
import type { NumberColumn, WordColumn } from '../column.ts';
import { dateFormOf } from '../times/dates.ts';
import { isMissing } from './parseNumber.ts';

/** Numbers that a cell has at least before it is taken for a list: without brackets, fewer may be anything. */
const LEAST = { plain: 4, bracketed: 2 } as const;
const BRACKETED = /^[[(](.*)[\])]$/s;
/** Numbers in lists, in all rows together. */
const MOST_NUMBERS = 2 ** 26;
/** Lists of more numbers are only read of tables that fit into memory: each of them is found in a cell by itself. */
const MOST_FOUND_ALONE = 16;
const PART = String.raw`([+-]?\d+(?:\.\d+)?)`;
/** 120/80, 1920x1080, 3.5 × 4 × 5 cm, 1.2 ± 0.1 */
const PAIR = new RegExp(`^${PART}\\s*([/x×*±]|\\+/-)\\s*${PART}(?:\\s*\\2\\s*${PART})?(?:\\s*(\\p{L}{1,5}))?$`, 'u');
/** 0x10 is one number. */
const HEXADECIMAL = /^0x/;
/** So few different pairs are categories. */
const FEW_PAIRS = 5;
/** Names of columns whose numbers with a stroke between them are names. */
const CODE_NAME = /(?:^|[^a-z])(?:id|no|nr|num|number|code|ref|reference|address|plot|file)(?:$|[^a-z])/i;

/** What the numbers in the cells of a column are written as. */
interface ListForm {
  readonly width: number;
  readonly isOfPairs?: boolean;
  /** The numbers of a cell; undefined where it has others than this form has. */
  numbersOf(word: string): ArrayLike<number> | undefined;
}

/**
 * The numbers of a column whose cells are lists of as many in every row, as the pixels of a picture or a place `(47.3, 8.5)`, or pairs such as `120/80`, a
 * column for each; of pairs whose second number is the same in all rows (`7/10`) the first alone. Undefined for any other column.
 *
 * @param isAsked whether the training split has such columns, so that fewer cells tell
 * @param problems takes that there are more than memory should hold
 */
export function numbersInLists(
  { name, words, codes }: WordColumn,
  count: number,
  isAsked: boolean,
  problems: Problem[],
): readonly NumberColumn[] | undefined {
  const present = words.filter((word) => !isMissing(word));
  const form = listForm(present) ?? pairForm(name, present, isAsked);
  if (!form) return undefined;
  const { width } = form;
  if (width * count > MOST_NUMBERS) {
    const message = `The lists in the column '${name}' hold ${width * count} numbers, more than ${MOST_NUMBERS}.`;
    problems.push(pathProblem(message, 'Keep arrays of that size as .npz, or images as files.'));
    return undefined;
  }
  const lists = words.map((word) => (isMissing(word) ? undefined : form.numbersOf(word)));
  const [first] = lists.filter((list) => list !== undefined);
  // Of 7/10 and 9/10 one number tells.
  const isShare = form.isOfPairs === true && width === 2 && lists.every((list) => !list || list[1] === first?.[1]);
  return Array.from({ length: isShare ? 1 : width }, (_, at) => ({
    kind: 'number',
    name: isShare ? name : `${name}[${at}]`,
    values: Float64Array.from({ length: count }, (__, row) => lists[codes[row] ?? 0]?.[at] ?? NaN),
    ...(width <= MOST_FOUND_ALONE && {
      ...(!isShare && { of: name }),
      numberOf: (cell: string) => {
        if (isMissing(cell)) return NaN;
        const numbers = form.numbersOf(cell);
        return isShare && numbers?.[1] !== first?.[1] ? undefined : numbers?.[at];
      },
    }),
  }));
}

function listForm(words: readonly string[]): ListForm | undefined {
  const [first] = words;
  const width = first === undefined ? undefined : listOf(first, undefined)?.length;
  if (width === undefined) return undefined;
  const numbersOf = (word: string): Float64Array | undefined => listOf(word, width);
  return words.every((word) => numbersOf(word) !== undefined) ? { width, numbersOf } : undefined;
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

/** Pairs, or three numbers, with the same sign between them and the same unit behind, unless they are dates or few. */
function pairForm(name: string, words: readonly string[], isAsked: boolean): ListForm | undefined {
  const [first] = words;
  const model = first === undefined ? undefined : pairOf(first);
  if (!model || (!isAsked && words.length <= FEW_PAIRS) || CODE_NAME.test(name)) return undefined;
  const width = model.numbers.length;
  const numbersOf = (word: string): readonly number[] | undefined => {
    const pair = pairOf(word);
    return pair?.form === model.form && pair.numbers.length === width ? pair.numbers : undefined;
  };
  return words.every((word) => numbersOf(word) !== undefined) && !dateFormOf(words)
    ? { width, numbersOf, isOfPairs: true }
    : undefined;
}

function pairOf(word: string): { readonly form: string; readonly numbers: readonly number[] } | undefined {
  const text = word.trim();
  const [, one, sign = '', two, three, unit = ''] = (HEXADECIMAL.test(text) ? undefined : PAIR.exec(text)) ?? [];
  if (one === undefined) return undefined;
  const numbers = [one, two, three].flatMap((part) => (part === undefined ? [] : [Number(part)]));
  return { form: `${sign} ${unit}`, numbers };
}
