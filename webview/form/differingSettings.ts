import type { FormField } from '../../src/protocol/form.ts';
import type { ExperimentDraft } from '../../src/protocol/panel.ts';
import { textOf } from './numberText.ts';
import { valueAt, writtenPath, type Path } from './paths.ts';
import { valueText } from './settingNames.ts';
import { variantOf } from './variantOf.ts';

/** A setting that has another value than by default. */
export interface DifferingSetting {
  readonly path: string;
  readonly label: string;
  readonly value: string;
}

/** The settings of a draft, other than the essential ones, that differ from their defaults, in the order of the form. */
export function differingSettings(fields: readonly FormField[], draft: ExperimentDraft): readonly DifferingSetting[] {
  return fields.flatMap((field) => differing(field, [field.name], draft));
}

function differing(field: FormField, path: Path, draft: ExperimentDraft): readonly DifferingSetting[] {
  const value = valueAt(draft, path);
  // The name is the title already.
  if (value === undefined || writtenPath(path) === 'name') return [];
  const inner = (fields: readonly FormField[]): readonly DifferingSetting[] =>
    fields.flatMap((each) => (each.name === '' ? [] : differing(each, [...path, each.name], draft)));
  switch (field.kind) {
    case 'group':
      return inner(field.fields);
    case 'variants':
      // A number in place of a word is a value, and has no settings inside.
      return typeof value === 'object' || typeof field.default !== 'string'
        ? inner(variantOf(field, value)?.fields ?? [])
        : scalar(field, path, value);
    case 'list':
      return Array.isArray(value)
        ? value.flatMap((_item, index) => differing(field.item, [...path, index], draft))
        : [];
    case 'map':
    case 'texts':
    case 'ramp':
    case 'numbers':
    case 'text':
    case 'number':
    case 'flag':
    case 'choice':
      return scalar(field, path, value);
  }
}

function scalar(field: FormField, path: Path, value: unknown): readonly DifferingSetting[] {
  const usual = 'default' in field ? field.default : undefined;
  if (field.isEssential === true || written(value) === written(usual)) return [];
  return [{ path: writtenPath(path), label: field.label, value: valueText(field, value) }];
}

function written(value: unknown): string {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? JSON.stringify(value) : textOf(value);
}
