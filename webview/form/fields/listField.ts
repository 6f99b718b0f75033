import type { ListField } from '../../../src/protocol/form.ts';
import { button } from '../../components/button.ts';
import { linkButton } from '../../components/linkButton.ts';
import { element, withCode } from '../../dom.ts';
import { t } from '../../l10n.ts';
import type { FormContext } from '../formContext.ts';
import { writtenPath, type Path } from '../paths.ts';
import { problemPlace } from '../problemPlace.ts';
import { isPair, proposalOfPairs } from '../pairProposals.ts';

/** A list whose items are added and removed: a card for each. A list that may be left out says what that means. */
export function renderList(field: ListField, path: Path, context: FormContext): HTMLElement {
  const items = itemsAt(path, context);
  const written = writtenPath(path);
  const mayBeAbsent = field.default.length > 0;
  const isAbsent = mayBeAbsent && items.length === 0;
  const add = button({
    testId: `${written}.add`,
    label: isAbsent ? t('Choose them myself') : t('Add'),
    description: isAbsent ? t('Choose them myself: {0}', field.label) : t('Add to: {0}', field.label),
    appearance: 'secondary',
    onClick: () => {
      context.restructure(path, isAbsent ? field.default : [...itemsAt(path, context), field.initialItem]);
    },
  });
  const leaveOut = linkButton({
    testId: `${written}.leaveOut`,
    label: t('Leave it to Distillery'),
    onClick: () => {
      context.restructure(path, undefined);
    },
  });
  const problem = problemPlace(written);
  context.register(written, {
    setProblem: problem.setProblem,
    setEnabled(isEnabled) {
      add.setEnabled(isEnabled);
      leaveOut.setEnabled(isEnabled);
    },
  });
  return element(
    'div',
    { class: 'list wide' },
    ...(isAbsent || path.length > 1 ? [renderHead(field, path.length > 1 ? field.label : t('Automatic'))] : []),
    ...items.map((_item, index) => renderItem(field, [...path, index], context)),
    problem.element,
    ...(field.item.kind === 'group' && isPair(field.item.fields) ? [proposalOfPairs(path, context)] : []),
    element('div', { class: 'field-controls' }, add.element, ...(mayBeAbsent && !isAbsent ? [leaveOut.element] : [])),
  );
}

/** What the list is, or is while it is left out: the name of a section's only list is the section's. */
function renderHead({ help }: ListField, title: string): HTMLElement {
  return element(
    'div',
    {},
    element('div', { class: 'field-label' }, title),
    ...(help === undefined ? [] : [element('p', { class: 'field-help' }, ...withCode(help))]),
  );
}

function renderItem(field: ListField, path: Path, context: FormContext): HTMLElement {
  const index = Number(path.at(-1));
  const name = `${field.itemLabel ?? field.label} ${index + 1}`;
  const written = writtenPath(path);
  const remove = button({
    testId: `${written}.remove`,
    label: t('Remove'),
    description: t('Remove: {0}', name),
    appearance: 'secondary',
    onClick: () => {
      const list = path.slice(0, -1);
      const others = itemsAt(list, context).toSpliced(index, 1);
      const isLeftOut = others.length === 0 && field.default.length > 0;
      context.restructure(list, isLeftOut ? undefined : others);
    },
  });
  // What is wrong with the item as a whole stands beneath it, not at its first field.
  const problem = problemPlace(written);
  context.register(written, { setProblem: problem.setProblem, setEnabled: remove.setEnabled });
  return element(
    'div',
    {
      class: 'card',
      role: 'group',
      tabindex: -1,
      'data-testid': written,
      'aria-label': name,
    },
    element('div', { class: 'card-head' }, element('span', { 'aria-hidden': 'true' }, name), remove.element),
    context.render(field.item, path),
    problem.element,
  );
}

/** The items as they are now: typing changes them without drawing the list anew. */
function itemsAt(path: Path, context: FormContext): readonly unknown[] {
  const value = context.value(path);
  return Array.isArray(value) ? value : [];
}
