import type { ExperimentDraft } from '../../src/protocol/panel.ts';
import { t } from '../l10n.ts';
import { textOf } from './numberText.ts';
import { valueAt } from './paths.ts';

/** What is chosen in a section, in the words of the experiment file; empty where nothing is. */
export function summarizeSection(id: string, draft: ExperimentDraft): string {
  const value = (...path: (string | number)[]): string => textOf(valueAt(draft, path));
  switch (id) {
    case 'teacher':
    case 'student':
      return (
        value(id, 'model') ||
        joined(', ', ...models(valueAt(draft, [id, 'ensemble']))) ||
        joined(' ', value(id, 'architecture'), value(id, 'channels'), value(id, 'hidden'))
      );
    case 'dataset':
      return value('dataset', 'path');
    case 'objective': {
      const terms = Array.isArray(draft['objective']) ? draft['objective'] : [];
      return terms
        .map((term) => joined(' ', weightOf(valueAt(term, ['weight'])), textOf(valueAt(term, ['loss']))))
        .join(' + ');
    }
    case 'training':
      return joined(
        ', ',
        value('training', 'optimizer'),
        value('training', 'epochs') && t('{0} epochs', value('training', 'epochs')),
      );
    case 'augmentation':
      return Object.keys(draft['augmentation'] ?? {}).join(', ');
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
