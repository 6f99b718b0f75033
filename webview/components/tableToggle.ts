import { linkButton } from './linkButton.ts';
import { setAttributes, setText } from '../dom.ts';
import { t } from '../l10n.ts';
import { keepUi, uiState } from '../vscodeApi.ts';

/**
 * An action that shows and hides the table beside a drawing; what a person chose is kept.
 *
 * @param id of the drawing, as it is kept
 * @param title of the drawing
 * @param onShow called when the table appears
 */
export function tableToggle(id: string, title: string, table: HTMLElement, onShow?: () => void): HTMLElement {
  const toggle = linkButton({
    testId: `${id}.toggleTable`,
    label: t('Table'),
    onClick: () => {
      const { tables } = uiState();
      keepUi({ tables: tables.includes(id) ? tables.filter((shown) => shown !== id) : [...tables, id] });
      show();
    },
  });
  const show = (): void => {
    const isShown = uiState().tables.includes(id);
    table.hidden = !isShown;
    if (isShown) onShow?.();
    const label = isShown ? t('Hide table') : t('Table');
    setAttributes(toggle.element, { 'aria-pressed': String(isShown), 'aria-label': t('{0}: {1}', label, title) });
    setText(toggle.element, label);
  };
  show();
  return toggle.element;
}
