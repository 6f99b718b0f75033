import { button } from './button.ts';
import { setAttributes, setText } from '../dom.ts';
import { t } from '../l10n.ts';
import { keepUi, uiState } from '../vscodeApi.ts';

/**
 * A button that shows and hides the table beside a drawing; what a person chose is kept.
 *
 * @param id of the drawing, as it is kept
 * @param title of the drawing
 * @param onShow called when the table appears
 */
export function tableToggle(id: string, title: string, table: HTMLElement, onShow?: () => void): HTMLElement {
  const toggle = button({
    testId: `${id}.toggleTable`,
    label: t('Table'),
    description: t('Show as a table: {0}', title),
    appearance: 'secondary',
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
    setAttributes(toggle.element, { 'aria-pressed': String(isShown) });
    setText(toggle.element, isShown ? t('Hide table') : t('Table'));
  };
  show();
  return toggle.element;
}
