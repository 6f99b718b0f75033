import { distance } from 'fastest-levenshtein';

/** The candidate that `word` was probably meant to be: a near miss, swapped letters, or its beginning. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const written = word.toLowerCase();
  let best: { readonly candidate: string; readonly edits: number } | undefined;
  for (const candidate of candidates) {
    const edits = editsBetween(written, candidate.toLowerCase());
    if (edits !== undefined && (!best || edits < best.edits)) best = { candidate, edits };
  }
  return best?.candidate;
}

/** Edits from one word to the other; undefined when they are too far apart to be the same word. */
function editsBetween(written: string, candidate: string): number | undefined {
  const edits = distance(written, candidate);
  const allowed = Math.max(1, Math.floor(Math.max(written.length, candidate.length) / 3));
  const abbreviated = written.length >= 3 && candidate.startsWith(written);
  const swapped = edits === 2 && letters(written) === letters(candidate);
  return edits <= allowed || abbreviated || swapped ? edits : undefined;
}

function letters(word: string): string {
  return Array.from(word).sort().join('');
}

/** `'adam'`, `'adam' or 'sgd'`, `'a', 'b' or 'c'`. */
export function listed(names: readonly string[]): string {
  return joined(
    names.map((name) => `'${name}'`),
    'or',
  );
}

/** `a`, `a and b`, `a, b and c`. */
export function joined(words: readonly string[], conjunction: 'and' | 'or'): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${conjunction} ${last}`;
}
