import type { FormField } from '../../src/protocol/form.ts';
import type { ExperimentDraft } from '../../src/protocol/panel.ts';
import { t } from '../l10n.ts';
import { textOf } from './numberText.ts';
import { valueAt } from './paths.ts';
import { fieldAt, valueText } from './settingNames.ts';

/** What is chosen in a section, in the form's words; empty where nothing is. @param fields of the section */
export function summarizeSection(id: string, fields: readonly FormField[], draft: ExperimentDraft): string {
  const value = (...path: string[]): string => textOf(valueAt(draft, path));
  const words = (...path: string[]): string => {
    const [field, chosen] = [fieldAt(fields, path), valueAt(draft, path)];
    return field && chosen !== undefined ? valueText(field, chosen) : textOf(chosen);
  };
  switch (id) {
    case 'teacher':
    case 'student':
      return (
        value(id, 'model') ||
        joined(', ', ...models(valueAt(draft, [id, 'ensemble']))) ||
        joined(' · ', words(id), value(id, 'channels'), value(id, 'hidden'))
      );
    case 'dataset':
      return value('dataset', 'path');
    case 'objective': {
      const terms = Array.isArray(draft['objective']) ? draft['objective'] : [];
      const field = fieldAt(fields, ['objective']);
      return terms
        .map((term) => joined(' ', weightOf(valueAt(term, ['weight'])), field ? valueText(field, [term]) : ''))
        .join(' + ');
    }
    case 'training':
      return joined(
        ', ',
        words('training', 'optimizer'),
        value('training', 'epochs') && t('{0} epochs', value('training', 'epochs')),
      );
    case 'augmentation':
      return Object.keys(draft['augmentation'] ?? {})
        .map((name) => fieldAt(fields, ['augmentation', name])?.label ?? name)
        .join(', ');
    default:
      return value('name');
  }
}

/** A weight, or how it changes. */
function weightOf(weight: unknown): string {
  const [from, to] = [valueAt(weight, ['from']), valueAt(weight, ['to'])];
  return from === undefined ? textOf(weight) : `${textOf(from)}→${textOf(to)}`;
}

function models(ensemble: unknown): readonly string[] {
  return Array.isArray(ensemble) ? ensemble.map((member) => textOf(valueAt(member, ['model']))) : [];
}

function joined(separator: string, ...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(separator);
}
