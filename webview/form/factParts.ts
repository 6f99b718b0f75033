import { linkButton } from '../components/linkButton.ts';
import { element } from '../dom.ts';
import { found } from '../found.ts';
import { t } from '../l10n.ts';

/** Figures beside each other. */
export function line(figures: readonly (string | HTMLElement)[]): HTMLElement {
  const parts = figures.flatMap((figure, index) => (index === 0 ? [figure] : [' · ', figure]));
  return element('p', { class: 'facts-figures' }, ...parts);
}

/** Opens the form at the field that decides something. */
export type ShowField = (path: string) => void;

/** What a person should check of a teacher; where one of its fields says it, with a way there. */
export function warned(warnings: readonly string[], showField: ShowField): readonly HTMLElement[] {
  return warnings.map((warning) => {
    const [, field] = /\bits field (\w+)\./.exec(warning) ?? [];
    const way = field === undefined ? [] : [' ', changeButton(`teacher.${field}`, t('Change this'), showField)];
    return element('p', { class: 'facts-warning' }, found(warning), ...way);
  });
}

/** A way to the field that decides something. */
export function changeButton(where: string, label: string, showField: ShowField): HTMLElement {
  return linkButton({
    testId: `change.${where}`,
    label,
    onClick: () => {
      showField(where);
    },
  }).element;
}
