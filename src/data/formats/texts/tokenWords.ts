import type { Preparation } from '../../preparation.ts';
import { FIRST_WORD } from './wordTokenizer.ts';

/**
 * What the tokens of a text stand for, one for each: words where the tokenizer has a list of them, `token 123` where it is a file,
 * and nothing for padding. Undefined for samples that are no texts.
 */
export function tokenWords(sample: Float32Array, preparation: Preparation): readonly string[] | undefined {
  if (preparation.kind !== 'text') return undefined;
  const { tokens, padding } = preparation;
  return Array.from(sample, (token) => {
    if (token === padding) return '';
    return tokens.kind === 'words' ? (tokens.words[token - FIRST_WORD] ?? '…') : `token ${token}`;
  });
}
