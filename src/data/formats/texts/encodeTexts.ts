import { BadInputError } from '../../../errors.ts';
import { runWithin } from '../../../platform/runWithin.ts';
import { throwIfCancelled } from '../../cancellation.ts';
import type { Tokenizer } from './tokenizer.ts';
import { allocateTokens } from './tokenSamples.ts';

/** Texts that are watched together, and how long they may take; and one of them alone, where they took longer. */
const WATCHED = { texts: 64, togetherMs: 1500, aloneMs: 3000 };

/**
 * Turns texts into tokens one after the other. Patterns that a tokenizer's file brings may take for ever on some texts, so those are watched.
 *
 * @param encode turns one text into tokens
 * @throws BadInputError when a text takes more than a few seconds
 */
export function encodeTexts(
  { code }: Pick<Tokenizer, 'code'>,
  count: number,
  encode: (text: number) => void,
  signal?: AbortSignal,
  watched: typeof WATCHED = WATCHED,
): void {
  let text = 0;
  let isAlone = false;
  while (text < count) {
    throwIfCancelled(signal);
    const end = Math.min(count, isAlone ? text + 1 : text + watched.texts);
    const encodeSome = (): void => {
      for (; text < end; text++) encode(text);
    };
    if (code.kind !== 'file') encodeSome();
    else if (!runWithin(isAlone ? watched.aloneMs : watched.togetherMs, encodeSome)) {
      if (isAlone) throw endless(code.file, `text ${text + 1}`);
      isAlone = true;
    } else isAlone = false;
  }
}

/**
 * Texts as tokens: [count, length], behind short texts filled up with padding; and how many were cut off.
 * @throws BadInputError when a text takes more than a few seconds
 */
export function tokensOfTexts(
  tokenizer: Tokenizer,
  count: number,
  textOf: (text: number) => string,
  length: number,
  signal?: AbortSignal,
): { readonly tokens: Int32Array; readonly cut: number } {
  const tokens = allocateTokens(count, length, tokenizer.padding);
  let cut = 0;
  const encode = (text: number): void => {
    const encoded = tokenizer.encode(textOf(text), length);
    if (encoded.isCut) cut++;
    tokens.set(encoded.tokens, text * length);
  };
  encodeTexts(tokenizer, count, encode, signal);
  return { tokens, cut };
}

/** That a tokenizer does not come to an end. @param what it is used on */
export function endless(file: string, what: string): BadInputError {
  return new BadInputError([
    {
      where: 'dataset.tokenizer',
      message: `${file} comes to no end with ${what}: a pattern in it tries too many ways to match.`,
      hint: 'Name the tokenizer.json that belongs to the teacher, as it was published.',
    },
  ]);
}
