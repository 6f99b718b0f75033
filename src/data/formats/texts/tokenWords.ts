import type { Preparation, TokenCode } from '../../preparation.ts';
import { FIRST_WORD } from './wordTokenizer.ts';

/**
 * What the tokens of a text stand for, one for each: words or characters where the tokenizer has a list of them, `token 123` where it is a file,
 * and nothing for padding. Undefined for samples that are no texts.
 */
export function tokenWords(sample: Float32Array, preparation: Preparation): readonly string[] | undefined {
  if (preparation.kind !== 'text') return undefined;
  const { tokens, padding } = preparation;
  const listed = listedTokens(tokens);
  return Array.from(sample, (token) => {
    if (token === padding) return '';
    return tokens.kind === 'file' ? `token ${token}` : (listed[token - FIRST_WORD] ?? '…');
  });
}

/** The words or characters that tokens are, in their order; none where a file lists them. */
export function listedTokens(tokens: TokenCode): readonly string[] {
  switch (tokens.kind) {
    case 'words':
      return tokens.words;
    case 'characters':
      return tokens.characters;
    case 'file':
      return [];
  }
}
