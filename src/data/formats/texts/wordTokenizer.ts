import type { Tokenizer } from './tokenizer.ts';

/** The tokens of lists of words or characters, and the first that stands for one of these. */
export const [PADDING, UNKNOWN, FIRST_WORD] = [0, 1, 2] as const;

const segmenter = new Intl.Segmenter('und', { granularity: 'word' });

/** The lower-cased words of a text, by Unicode's word boundaries (UAX 29); marks and spaces are left out. */
export function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(text.normalize('NFC').toLowerCase())) {
    if (isWordLike === true) words.push(segment);
  }
  return words;
}

/**
 * Makes a list of the words that occur most in texts; of those that occur equally often, the ones that come first.
 *
 * @param most how many tokens there may be, padding and the unknown word included
 */
export function fitVocabulary(texts: Iterable<readonly string[]>, most: number): readonly string[] {
  const counts = new Map<string, number>();
  for (const words of texts) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .slice(0, Math.max(0, most - FIRST_WORD))
    .map(([word]) => word);
}

/** A tokenizer whose tokens are whole words: 0 is padding, 1 any word that is not in the list. */
export function wordTokenizer(words: readonly string[]): Tokenizer {
  const indexOf = new Map(words.map((word, index) => [word, FIRST_WORD + index]));
  const tokenOf = (word: string): number => indexOf.get(word) ?? UNKNOWN;
  return {
    code: { kind: 'words', words },
    vocabulary: FIRST_WORD + words.length,
    padding: PADDING,
    special: new Set([PADDING]),
    hidden: UNKNOWN,
    encode: (text, length) => {
      const words = wordsOf(text);
      return { tokens: words.slice(0, length).map(tokenOf), isCut: words.length > length };
    },
    encodeWords: (given, length) => {
      const tokens = given.slice(0, length).map((word) => tokenOf(word.normalize('NFC').toLowerCase()));
      return { tokens, starts: tokens.map((_, position) => position) };
    },
  };
}
