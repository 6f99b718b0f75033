/** Scripts whose words are told from what another encoding makes of them. */
export type Script = 'latin' | 'cyrillic' | 'greek' | 'hebrew' | 'arabic' | 'thai' | 'korean' | 'chinese' | 'japanese';

/** Letters in a row, and marks on them; ª, µ and º are signs. */
const WORD = /(?:(?![ªµº])[\p{L}\p{M}])+/gu;
const BEYOND_ASCII = /[^\p{ASCII}]/u;
const ALL_ASCII = /\p{ASCII}/gu;
/** Signs that texts have: quotation marks, dashes, currencies, degrees, and those of Chinese and Japanese. */
const SIGN =
  /[ªµº\u00a0§©«®°±²³·¹»¼½¾¿¡×÷£¥¤†‡•\u2010-\u2030\u2032-\u205e\u20a0-\u20bf№™\u3000-\u303f\uff00-\uff65\uffe0-\uffe6]/u;
const OTHER_SIGN = /[^\p{ASCII}\p{L}\p{M}\p{N}]/gu;
/** Signs that touch letters as none do are letters in another encoding: between two, before or behind one. */
const TOUCHING =
  /(?<=\p{L})[^\p{ASCII}\p{L}\p{M}\p{N}\p{Pd}\p{Zs}’·]+(?=\p{L})|[¤£¥¦§¨®¶¸¹²³¼½¾±](?=\p{L})|(?<=\p{L})[¤£¥¦¨¶¸¼½¾±¿¡]/gu;
/** What bytes become that are none of an encoding. */
const NO_CHARACTER = /\ufffd/gu;
/** Letters of one word are small, or the first or all are capitals. */
const CASED = /^(?:\p{Lu}?\p{Ll}+|\p{Lu}+)$/u;
const CAPITALS = /^\p{Lu}{2,}$/u;
const CYRILLIC_VOWEL = /[аеёиоуъыэюяєіїѓ]/iu;
const FINAL_WITHIN = /[ךםןףץ]\p{L}/u;

/** How likely a word is one of a script, 0…1. */
const LIKELIHOOD: Readonly<Record<Script, (word: string, usual: ReadonlySet<string>) => number>> = {
  // Most letters of Latin words are ASCII, but for short ones such as été and à.
  latin: (word) => {
    const ascii = word.match(ALL_ASCII)?.length ?? 0;
    const isMixed = 4 * ascii >= word.length || (word.length < 3 && !CAPITALS.test(word));
    return /^\p{sc=Latin}+$/u.test(word) && CASED.test(word) && isMixed ? 1 : 0;
  },
  cyrillic: (word) =>
    /^\p{sc=Cyrillic}+$/u.test(word) && (word.length < 3 || CYRILLIC_VOWEL.test(word)) ? ofCase(word) : 0,
  greek: (word) => (/^\p{sc=Greek}+$/u.test(word) ? ofCase(word) : 0),
  hebrew: (word) => (/^(?!\p{M})\p{sc=Hebrew}+$/u.test(word) && !FINAL_WITHIN.test(word) ? 1 : 0),
  arabic: (word) => (/^[\p{sc=Arabic}ـ][\p{sc=Arabic}\p{M}ـ]*$/u.test(word) ? 1 : 0),
  thai: (word) => (/^[\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46][\u0e01-\u0e4e]*$/u.test(word) ? 1 : 0),
  korean: (word) => (/^[\uac00-\ud7a3]+$/u.test(word.replace(ALL_ASCII, '')) ? 1 : 0),
  chinese: shareOfUsual,
  japanese: shareOfUsual,
};

/** Of two readings where the small letters of one are capitals of the other, that with small letters is likelier. */
function ofCase(word: string): number {
  if (!CASED.test(word)) return 0;
  return CAPITALS.test(word) ? 0.8 : 1;
}

function shareOfUsual(word: string, usual: ReadonlySet<string>): number {
  const characters = Array.from(word.replace(ALL_ASCII, ''));
  return characters.filter((character) => usual.has(character)).length / characters.length;
}

/**
 * How much of a text reads as a script, 0…1: the share of its different words beyond ASCII that may be words of it. Signs that no text has,
 * and those that touch letters as none do, count as words that are none.
 *
 * @param usual characters that are usual, where a script has thousands
 */
export function readsAs(text: string, script: Script, usual: ReadonlySet<string>): number {
  const words = new Set((text.match(WORD) ?? []).filter((word) => BEYOND_ASCII.test(word)));
  let likelihood = 0;
  for (const word of words) likelihood += LIKELIHOOD[script](word, usual);
  const strange = new Set((text.match(OTHER_SIGN) ?? []).filter((sign) => !SIGN.test(sign)));
  const broken = text.match(NO_CHARACTER)?.length ?? 0;
  const all = words.size + strange.size + new Set(text.match(TOUCHING) ?? []).size + broken;
  return all === 0 ? 1 : likelihood / all;
}
