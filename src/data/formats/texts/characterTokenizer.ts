import type { Tokenizer } from './tokenizer.ts';
import { FIRST_WORD, PADDING, UNKNOWN } from './wordTokenizer.ts';

/** The characters of a text as they are written: in formulas of molecules, `c` and `C` are different atoms. */
export function charactersOf(text: string): readonly string[] {
  return Array.from(text.normalize('NFC'));
}

/** A tokenizer whose tokens are single characters: 0 is padding, 1 any character that is not in the list. */
export function characterTokenizer(characters: readonly string[]): Tokenizer {
  const indexOf = new Map(characters.map((character, index) => [character, FIRST_WORD + index]));
  const tokensOf = (text: string): readonly number[] =>
    charactersOf(text).map((character) => indexOf.get(character) ?? UNKNOWN);
  return {
    code: { kind: 'characters', characters },
    vocabulary: FIRST_WORD + characters.length,
    padding: PADDING,
    special: new Set([PADDING]),
    hidden: UNKNOWN,
    encode: (text, length) => {
      const tokens = tokensOf(text);
      return { tokens: tokens.slice(0, length), isCut: tokens.length > length };
    },
    encodeWords: (words, length) => {
      const tokens: number[] = [];
      const starts: number[] = [];
      words.forEach((word, index) => {
        const own = tokensOf(word);
        if (own.length === 0 || tokens.length >= length) return;
        starts[index] = tokens.length;
        tokens.push(...own);
      });
      return { tokens: tokens.slice(0, length), starts };
    },
  };
}
