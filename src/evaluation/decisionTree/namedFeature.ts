import type { Dataset } from '../../data/dataset.ts';
import type { ColumnCode } from '../../data/preparation.ts';

/** A number of a sample, as a person knows it. */
export type NamedFeature =
  /** value · std + mean is in the data's own units. */
  | { readonly kind: 'number'; readonly name: string; readonly mean: number; readonly std: number }
  /** It is 1 where this holds, such as `colour = red`, and 0 where it does not. */
  | { readonly kind: 'fact'; readonly fact: string; readonly otherwise: string };

/** What every number of a sample is. */
export function nameFeatures({
  preparation,
  sampleShape,
}: Pick<Dataset, 'preparation' | 'sampleShape'>): NamedFeature[] {
  if (preparation.kind === 'table') return preparation.columns.flatMap(featuresOf);
  const [, , width = 1] = sampleShape;
  const isImage = sampleShape.length === 3;
  const count = sampleShape.reduce((product, size) => product * size, 1);
  return Array.from({ length: count }, (_, index) => {
    const place = index % ((sampleShape[1] ?? 1) * width);
    const channel = sampleShape[0] === 1 ? '' : ` of channel ${Math.floor(index / ((sampleShape[1] ?? 1) * width))}`;
    const name = isImage ? `pixel ${Math.floor(place / width)}, ${place % width}${channel}` : `x[${index}]`;
    return { kind: 'number', name, mean: 0, std: 1 };
  });
}

function featuresOf(code: ColumnCode): NamedFeature[] {
  if (code.kind === 'number') return [{ kind: 'number', name: code.name, mean: code.mean, std: code.std }];
  const { name, categories, missing } = code;
  const named = categories.map((category): NamedFeature => {
    return { kind: 'fact', fact: `${name} = ${category}`, otherwise: `${name} ≠ ${category}` };
  });
  if (missing) return [...named, { kind: 'fact', fact: `${name} missing`, otherwise: `${name} not missing` }];
  // Two categories without missing values are one number: 1 for the second.
  return categories.length === 2 ? named.slice(1) : named;
}

/** A number in few digits, and yet told apart from others of its size. */
export function shortNumber(value: number): string {
  return Number(value.toPrecision(5)).toString();
}
