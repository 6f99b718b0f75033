import type { ListField } from '../../src/protocol/form.ts';
import { button } from '../components/button.ts';
import { element } from '../dom.ts';
import { t } from '../l10n.ts';
import type { FormContext } from './formContext.ts';
import { writtenPath, type Path } from './paths.ts';

/** A list whose items are added and removed: a card for each. */
export function renderList(field: ListField, path: Path, context: FormContext): HTMLElement {
  const value = context.value(path);
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  const written = writtenPath(path);
  const add = button({
    testId: `${written}.add`,
    label: t('Add'),
    description: t('Add to: {0}', field.label),
    appearance: 'secondary',
    onClick: () => {
      context.restructure(path, [...items, field.item.variants[0]?.initial]);
    },
  });
  const problem = element('p', { class: 'field-problem', 'data-testid': `problem.${written}`, hidden: true });
  context.register(written, {
    setProblem(message) {
      problem.hidden = message === undefined;
      problem.textContent = message ?? '';
    },
    setEnabled: add.setEnabled,
  });
  return element(
    'div',
    { class: 'list' },
    ...items.map((_item, index) => renderItem(field, [...path, index], items, context)),
    problem,
    element('div', { class: 'field-controls' }, add.element),
  );
}

function renderItem(field: ListField, path: Path, items: readonly unknown[], context: FormContext): HTMLElement {
  const index = Number(path.at(-1));
  const written = writtenPath(path);
  const remove = button({
    testId: `${written}.remove`,
    label: t('Remove'),
    description: t('Remove: {0} {1}', field.label, index + 1),
    appearance: 'secondary',
    onClick: () => {
      context.restructure(path.slice(0, -1), items.toSpliced(index, 1));
    },
  });
  context.register(`${written}.remove`, { setProblem: () => undefined, setEnabled: remove.setEnabled });
  return element(
    'div',
    { class: 'card', role: 'group', 'aria-label': `${field.label} ${index + 1}` },
    context.render(field.item, path),
    remove.element,
  );
}
