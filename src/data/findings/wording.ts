const MOST_NAMED = 20;

/** Names in quotes, as a person lists them; of many the first. */
export function listOf(names: readonly string[]): string {
  const quoted = names.slice(0, MOST_NAMED).map((name) => `'${name}'`);
  if (names.length > MOST_NAMED) return `${quoted.join(', ')} and ${names.length - MOST_NAMED} more`;
  return quoted.length > 1 ? `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1) ?? ''}` : (quoted[0] ?? 'none');
}
