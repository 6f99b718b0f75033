import type { SynthesizeOptions } from '../../dataset.ts';
import type { Random } from '../../random.ts';

/** What stands in texts. */
export interface Words {
  /** Tokens that are no words; they stay, each in its place among the words that are left. */
  readonly special: ReadonlySet<number>;
  readonly padding: number;
  /** What stands for a word that is hidden; undefined hides none. */
  readonly hidden: number | undefined;
  /** A word to stand in place of another. */
  readonly draw: (random: Random) => number;
}

/** A fragment has 1 to so many words. */
const MOST_IN_FRAGMENT = 5;

/**
 * Makes a text from a text, after Tang et al. (arXiv 1903.12136): with probability `fragment` only 1 to 5 words in a row are left of it (of every
 * part between special tokens), and every word that is left is with probability `mask` hidden and with probability `replace` another
 * one. There a word is replaced by one of its part of speech; here by any, as for a teacher texts need not be sentences (Krishna et al., arXiv 1910.12366).
 *
 * @param source tokens, with padding behind
 * @param target of the same length; takes the tokens, with padding behind
 * @returns for every token of the target that is no padding its place in the source
 */
export function alterText(
  source: Int32Array,
  target: Int32Array,
  { special, padding, hidden, draw }: Words,
  { mask, replace, fragment }: Pick<SynthesizeOptions, 'mask' | 'replace' | 'fragment'>,
  random: Random,
): readonly number[] {
  const end = source.findLastIndex((token) => token !== padding) + 1;
  const isWord = (place: number): boolean => !special.has(source[place] ?? padding);
  const isShortened = random.uniform() < fragment;
  const places: number[] = [];
  for (let from = 0; from < end;) {
    let to = from + 1;
    if (isWord(from)) while (to < end && isWord(to)) to++;
    const length = isShortened ? Math.min(to - from, 1 + random.integer(MOST_IN_FRAGMENT)) : to - from;
    const start = from + random.integer(to - from - length + 1);
    for (let place = start; place < start + length; place++) places.push(place);
    from = to;
  }
  target.fill(padding);
  places.forEach((place, at) => {
    const token = source[place] ?? padding;
    target[at] = token;
    if (special.has(token)) return;
    const drawn = random.uniform();
    if (drawn < mask) target[at] = hidden ?? token;
    else if (drawn < mask + replace) target[at] = draw(random);
  });
  return places;
}
