/** The parts of a text in order, those between two backticks as code. A backtick that nothing closes, as in a name that somebody gave, stays. */
export function codeParts(text: string): readonly (string | { readonly code: string })[] {
  const parts = text.split('`');
  const isUnclosed = parts.length % 2 === 0;
  const last = isUnclosed ? parts.splice(-2).join('`') : undefined;
  return [
    ...parts.map((part, index) => (index % 2 === 1 ? { code: part } : part)),
    ...(last === undefined ? [] : [last]),
  ].filter((part) => part !== '');
}
