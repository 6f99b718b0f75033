import { t } from '../l10n.ts';

/** The control of a field, or of what else has a path of its own. */
export function controlAt(form: Element, path: string): HTMLElement | null {
  return form.querySelector<HTMLElement>(`[data-testid="${CSS.escape(path)}"]`);
}

/** The control of a path, or what a list is added to with: a list as a whole has no control of its own. */
export function placeAt(form: Element, path: string): HTMLElement | null {
  return controlAt(form, path) ?? controlAt(form, `${path}.add`);
}

/** What a control's field is called, after the item of a list that it is in; undefined where it has no name. */
export function labelOf(control: Element | null): string | undefined {
  const row = control?.closest('.field') ?? control?.closest('.field-controls')?.closest('.list, .field');
  // A checkbox shows its name itself.
  const label =
    row?.querySelector(':scope > .field-label, :scope > * > .field-label')?.textContent ??
    control?.getAttribute('aria-label') ??
    (control?.matches('vscode-checkbox') === true ? control.textContent : undefined);
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
