/**
 * Names that differ in nothing but capitals, blanks, hyphens and how their accents are stored: `yes` and `Yes`, `caf\u00e9` and `cafe\u0301`.
 * @returns a list for each name that is written in several ways
 */
export function alikeNames(names: readonly string[]): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const simple = name
      .normalize('NFKC')
      .trim()
      .toLowerCase()
      // Not in front, where it may be a minus.
      .replace(/(?<=.)[\s_-]+/g, ' ');
    const group = groups.get(simple);
    if (group) group.push(name);
    else groups.set(simple, [name]);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}
