import { randomStream } from '../../src/data/random.ts';
import { arrayOf } from './reference/array.ts';
import type { Feeds } from './studentChecks.ts';

/** The inputs of a network that reads texts: ids, and a mask that leaves out what is padded. */
export function textFeeds(
  texts: readonly (readonly number[])[],
  { length, padding }: { readonly length: number; readonly padding: number },
): Feeds {
  const positions = (of: (text: readonly number[], position: number) => number) =>
    arrayOf(
      [texts.length, length],
      texts.flatMap((text) => Array.from({ length }, (_, position) => of(text, position))),
    );
  return new Map([
    ['input_ids', positions((text, position) => text[position] ?? padding)],
    ['attention_mask', positions((text, position) => (position < text.length ? 1 : 0))],
  ]);
}

/** Texts of 2 to 6 of 8 words, padded with 0; the label is whether word 1 stands before word 2, which both occur once. */
export function textsWithOrder(): { readonly feeds: Feeds; readonly labels: number[] } {
  const random = randomStream(0, 'texts');
  const labels: number[] = [];
  const texts = Array.from({ length: 48 }, () => {
    const others = Array.from({ length: random.integer(5) }, () => 3 + random.integer(6));
    const text = random.shuffle([1, 2, ...others]);
    labels.push(text.indexOf(1) < text.indexOf(2) ? 1 : 0);
    return text;
  });
  return { feeds: textFeeds(texts, { length: 6, padding: 0 }), labels };
}
