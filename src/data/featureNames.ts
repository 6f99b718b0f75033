import type { ColumnCode, Preparation } from './preparation.ts';

/** A name for every number of a sample that was made from the columns of a table; undefined for other samples. */
export function featureNames(preparation: Preparation): readonly string[] | undefined {
  return preparation.kind === 'table' ? preparation.columns.flatMap(namesOf) : undefined;
}

function namesOf(code: ColumnCode): readonly string[] {
  if (code.kind === 'number') return [code.name];
  const { name, categories, missing } = code;
  const named = categories.map((category) => `${name} = ${category}`);
  if (missing) return [...named, `${name} missing`];
  // Two categories without missing values are one number: 1 for the second.
  return categories.length === 2 ? named.slice(1) : named;
}
