import type { FormField } from '../../src/protocol/form.ts';
import { button } from '../components/button.ts';
import { element } from '../dom.ts';
import { t } from '../l10n.ts';
import { textOf } from './numberText.ts';
import { valueText } from './settingNames.ts';

/** A setting that was changed as a report advises. */
export interface AdvisedChange {
  /** As problems write it. */
  readonly path: string;
  readonly label: string;
  readonly before: string;
  readonly after: string;
}

/** What was changed, above the form, and a way back. */
export function advisedNotice(changes: readonly AdvisedChange[], onUndo: () => void): HTMLElement {
  const undo = button({ testId: 'advised.undo', label: t('Undo'), appearance: 'secondary', onClick: onUndo });
  const told = changes.map(({ label, before, after }) => t('{0} {1} (before: {2})', label, after, before));
  return element(
    'div',
    { class: 'notice', role: 'status', 'data-testid': 'advised' },
    element('p', {}, t('Changed as the report advises: {0}. Press Start to run it.', told.join('; '))),
    undo.element,
  );
}

/** What stands beneath a field that was changed. */
export function changedNote(before: string): HTMLElement {
  return element('p', { class: 'field-changed' }, t('Changed; before: {0}.', before));
}

/** A value that was there before a change, as the form shows it. */
export function beforeText(field: FormField | undefined, before: unknown): string {
  if (before === undefined) return t('the default');
  return field ? valueText(field, before) : textOf(before);
}
