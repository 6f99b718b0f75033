import { t } from '../l10n.ts';

/** The control of a field, or of what else has a path of its own. */
export function controlAt(form: Element, path: string): HTMLElement | null {
  return form.querySelector<HTMLElement>(`[data-testid="${CSS.escape(path)}"]`);
}

/** What a control's field is called, after the item of a list that it is in; undefined where it has no name. */
export function labelOf(control: Element | null): string | undefined {
  const label =
    control?.closest('.field')?.querySelector('.field-label')?.textContent ?? control?.getAttribute('aria-label');
  const item = control?.closest('.card')?.getAttribute('aria-label');
  if (label == null || label === '') return undefined;
  return item == null || item === label ? label : t('{0}: {1}', item, label);
}

/** Where the field of a path is; its section where it is no single field. */
export function rowAt(form: Element, path: string): Element | null {
  const [section = ''] = path.split('.');
  return (
    controlAt(form, path)?.closest('.field') ??
    form.querySelector(`[data-testid="section.${CSS.escape(section)}"] > .section-body`)
  );
}

/** Opens whatever is folded around a part of the form. */
export function openAround(part: Element | null): void {
  for (let fold = part?.closest('details'); fold; fold = fold.parentElement?.closest('details')) fold.open = true;
}
