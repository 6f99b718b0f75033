import type { Random } from '../../src/data/random.ts';

const THINGS = ['film', 'book', 'hotel', 'meal', 'concert', 'phone', 'jacket', 'museum', 'game', 'course'];
const PARTS = ['beginning', 'ending', 'service', 'price', 'design', 'sound', 'quality', 'idea', 'staff', 'atmosphere'];
const GOOD = ['wonderful', 'delightful', 'brilliant', 'charming', 'excellent', 'lovely', 'superb', 'pleasant'];
const BAD = ['dreadful', 'dull', 'terrible', 'clumsy', 'awful', 'boring', 'poor', 'unpleasant'];
const PLAIN = ['long', 'recent', 'usual', 'small', 'late', 'early', 'large', 'new'];

type Word = (words: readonly string[]) => string;

/** Sentences about a thing; `yes` are words of the review's class, `no` those of the other. */
const SENTENCES: readonly ((word: Word, yes: readonly string[], no: readonly string[]) => string)[] = [
  (word, yes) => `The ${word(THINGS)} was ${word(yes)}.`,
  (word, yes) => `What a ${word(yes)} ${word(THINGS)}!`,
  (word, yes) => `I found the ${word(PARTS)} ${word(yes)} and the ${word(PARTS)} ${word(yes)}.`,
  (word, yes, no) => `It was not ${word(no)} at all, and the ${word(PARTS)} was ${word(yes)}.`,
  (word, yes, no) =>
    `The ${word(PARTS)} was ${word(no)}, but everything else was ${word(yes)}, above all the ${word(PARTS)}.`,
  (word, _, no) => `I expected a ${word(no)} ${word(THINGS)}; it was anything but ${word(no)}.`,
];

const ASIDES: readonly ((word: Word) => string)[] = [
  (word) => `We came for the ${word(PLAIN)} ${word(THINGS)}.`,
  (word) => `My sister had told me about the ${word(THINGS)}.`,
  (word) => `It was a ${word(PLAIN)} evening.`,
  (word) => `I looked at the ${word(PARTS)} first.`,
];

/**
 * Reviews put together from templates: one to three sentences that tell the class, some of them by negation, and asides that
 * do not. One review in fifty has the wrong label.
 */
export function reviews(random: Random): string {
  const word: Word = (words) => words[random.integer(words.length)] ?? '';
  const rows = Array.from({ length: 1000 }, (_, row) => {
    const good = row % 2 === 0;
    const [yes, no] = good ? [GOOD, BAD] : [BAD, GOOD];
    const sentences = Array.from({ length: 1 + random.integer(3) }, () =>
      (SENTENCES[random.integer(SENTENCES.length)] ?? SENTENCES[0])?.(word, yes, no),
    );
    if (random.uniform() < 0.6) {
      sentences.splice(random.integer(sentences.length + 1), 0, ASIDES[random.integer(ASIDES.length)]?.(word));
    }
    const told = random.uniform() < 0.02 ? !good : good;
    return `${sentences.join(' ')}\t${told ? 'good' : 'bad'}`;
  });
  return `text\tlabel\n${rows.join('\n')}\n`;
}
