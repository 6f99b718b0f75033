/** Cells that tell what a column holds. */
const LOOKED_AT = 1000;
/** Share of the cells that have to be so. */
const MOST = 0.95;
const HALF = 0.5;
/** Shorter cells are codes. */
const LEAST_LENGTH = 5;
/** With fewer different characters nothing is written. */
const LEAST_CHARACTERS = 3;
/** With a larger share of digits cells are numbers of some kind. */
const MOST_DIGITS = 0.6;

/** Scripts that write no blanks between words, and about how many characters a word has. */
const WITHOUT_BLANKS = [
  { script: /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]/gu, perWord: 2 },
  { script: /[\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}]/gu, perWord: 4 },
];
/** What names files. */
const FILE_NAME =
  /\.(?:png|jpe?g|gif|bmp|webp|tiff?|avif|dcm|wav|mp3|flac|ogg|mp4|avi|txt|csv|tsv|jsonl?|xml|npy|npz|pdf|gz|zip)$/i;
/** What names things rather than says something of them: a prefix with a number, hexadecimal numbers, addresses of mails. */
const IDENTIFIERS = [/^\D{0,8}\d[\d._:/-]*$/, /^(?=.*\d)[\da-f-]{8,}$/i, /^[^@\s]+@[^@\s]+$/];

/** About how many words of a text are written without blanks between them, as in Chinese, Japanese and Thai. */
export function wordsWithoutBlanks(text: string): number {
  return WITHOUT_BLANKS.reduce((sum, { script, perWord }) => sum + (text.match(script)?.length ?? 0) / perWord, 0);
}

/**
 * Whether cells are sequences of characters, which words do not divide: genes, proteins, formulas of molecules (SMILES), addresses of pages, names.
 *
 * @param cells those of a column, each once
 */
export function areSequences(cells: readonly string[]): boolean {
  const sample = cells.slice(0, LOOKED_AT).map((cell) => cell.trim());
  const share = (isSo: (cell: string) => boolean): number => sample.filter(isSo).length / Math.max(1, sample.length);
  return share((cell) => /^\S+$/.test(cell)) >= MOST && share((cell) => wordsWithoutBlanks(cell) > 0) < 1 - MOST;
}

/** Whether sequences of characters say something, and do not only name or number the rows. */
export function tellSomething(cells: readonly string[]): boolean {
  const sample = cells.slice(0, LOOKED_AT).map((cell) => cell.trim());
  const all = sample.join('');
  if (all.length < LEAST_LENGTH * sample.length || new Set(all).size < LEAST_CHARACTERS) return false;
  if (all.replace(/\D/g, '').length > MOST_DIGITS * all.length) return false;
  const areMostly = (form: RegExp): boolean => sample.filter((cell) => form.test(cell)).length > HALF * sample.length;
  // Keys are all as long as each other, and have digits; genes may be, but have none.
  const isOfOneLength = new Set(sample.map((cell) => cell.length)).size === 1;
  return ![FILE_NAME, ...IDENTIFIERS, ...(isOfOneLength ? [/\d/] : [])].some(areMostly);
}
