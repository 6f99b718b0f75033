import type { Variant, VariantsField } from '../../src/protocol/form.ts';
import { valueAt } from './paths.ts';

/** The variant that a value is of; undefined when it is of none. */
export function variantOf(field: VariantsField, value: unknown): Variant | undefined {
  const meant = value === undefined ? field.default : value;
  return field.variants.find((variant) => matches(variant, meant));
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
