import type { FormField } from '../../src/protocol/form.ts';
import { t } from '../l10n.ts';
import { textOf } from './numberText.ts';
import { valueAt, type Path } from './paths.ts';
import { variantOf } from './variantOf.ts';

/** A setting in the form's words: its label, and a value of it. */
export interface NamedSetting {
  readonly label: string;
  readonly value: string;
}

/** The settings that a change of the experiment file sets, in the form's words; by their key where the form has none. */
export function namedSettings(fields: readonly FormField[], change: unknown): readonly NamedSetting[] {
  return leavesOf(change).map((path) => {
    const field = fieldAt(fields, path);
    const value = valueAt(change, path);
    return { label: field?.label ?? path.join('.'), value: field ? valueText(field, value) : textOf(value) };
  });
}

/** A value as the form shows it: the label of a choice, on or off, the losses of an objective. */
export function valueText(field: FormField, value: unknown): string {
  switch (field.kind) {
    case 'variants': {
      const variant = variantOf(field, value);
      return variant === undefined || typeof value === 'number' ? textOf(value) : variant.label;
    }
    case 'choice':
      return field.options.find((option) => option.value === String(value))?.label ?? textOf(value);
    case 'list':
      return Array.isArray(value)
        ? value.map((item) => (field.item.kind === 'variants' ? valueText(field.item, item) : textOf(item))).join(' + ')
        : textOf(value);
    case 'flag':
      return value === true ? t('on') : t('off');
    case 'text':
    case 'number':
    case 'ramp':
    case 'numbers':
    case 'texts':
    case 'group':
    case 'map':
      return textOf(value);
  }
}

/** The field of a value, whichever variant of the objects around it has one of that name; undefined where none has. */
export function fieldAt(fields: readonly FormField[], [head, ...rest]: Path): FormField | undefined {
  const field = fields.find(({ name }) => name === head);
  if (!field || rest.length === 0) return field;
  switch (field.kind) {
    case 'group':
      return fieldAt(field.fields, rest);
    case 'variants':
      return field.variants.map((variant) => fieldAt(variant.fields, rest)).find((found) => found !== undefined);
    case 'list':
      return fieldAt([{ ...field.item, name: String(rest[0]) }], [String(rest[0]), ...rest.slice(1)]);
    case 'text':
    case 'number':
    case 'ramp':
    case 'numbers':
    case 'texts':
    case 'flag':
    case 'choice':
    case 'map':
      return undefined;
  }
}

function leavesOf(change: unknown): readonly string[][] {
  if (typeof change !== 'object' || change === null || Array.isArray(change)) return [[]];
  return Object.entries(change).flatMap(([key, inner]) => leavesOf(inner).map((path) => [key, ...path]));
}
