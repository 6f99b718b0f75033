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
      return value(id, 'model') || joined(' ', value(id, 'architecture'), value(id, 'channels'), value(id, 'hidden'));
    case 'dataset':
      return value('dataset', 'path');
    case 'objective': {
      const terms = Array.isArray(draft['objective']) ? draft['objective'] : [];
      return terms
        .map((term) => joined(' ', textOf(valueAt(term, ['weight'])), textOf(valueAt(term, ['loss']))))
        .join(' + ');
    }
    case 'training':
      return joined(
        ', ',
        value('training', 'optimizer'),
        value('training', 'epochs') && t('{0} epochs', value('training', 'epochs')),
      );
    default:
      return value('name');
  }
}

function joined(separator: string, ...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(separator);
}
