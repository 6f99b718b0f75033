import type { Variant, VariantsField } from '../../src/protocol/form.ts';
import { valueAt } from './paths.ts';

/** The variant that a value is of; undefined when it is of none. */
export function variantOf(field: VariantsField, value: unknown): Variant | undefined {
  const meant = value === undefined ? field.default : value;
  const found = field.variants.find((variant) => matches(variant, meant));
  const isUntagged = field.tag !== undefined && typeof meant === 'object' && valueAt(meant, [field.tag]) === undefined;
  // Where every variant has a tag, what has none is of the first, whose tag may be left out.
  return found ?? (isUntagged && meant !== null ? field.variants[0] : undefined);
}

function matches({ match }: Variant, value: unknown): boolean {
  switch (match.kind) {
    case 'number':
      return typeof value === 'number';
    case 'constant':
      return value === match.value;
    case 'tag':
      return valueAt(value, [match.key]) === match.value;
    case 'key':
      return valueAt(value, [match.key]) !== undefined;
  }
}
