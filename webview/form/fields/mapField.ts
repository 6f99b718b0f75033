import type { MapField } from '../../../src/protocol/form.ts';
import { button } from '../../components/button.ts';
import { dropdown } from '../../components/dropdown.ts';
import { textField } from '../../components/textField.ts';
import { element, withCode } from '../../dom.ts';
import { t } from '../../l10n.ts';
import type { FormContext } from '../formContext.ts';
import { problemPlace } from '../problemPlace.ts';
import { textOf } from '../numberText.ts';
import { writtenPath, type Path } from '../paths.ts';

type Entries = readonly (readonly [name: string, value: string])[];

/** Names that a person gives, with a choice for each: a row for every name. Without rows there is no value. */
export function renderMap(field: MapField, path: Path, context: FormContext): HTMLElement {
  const { label, help, options } = field;
  const written = writtenPath(path);
  let entries = entriesOf(context.value(path));
  const change = (changed: Entries): void => {
    entries = changed;
    context.edit(path, asObject(entries));
  };
  const add = button({
    testId: `${written}.add`,
    label: t('Add'),
    description: t('Add to: {0}', label),
    appearance: 'secondary',
    onClick: () => {
      context.restructure(path, asObject([...entries, ['', options[0]?.value ?? '']]));
    },
  });
  const problem = problemPlace(written);
  context.register(written, { setProblem: problem.setProblem, setEnabled: add.setEnabled });
  const rows = entries.map(([name, value], index) =>
    renderEntry({
      field,
      id: `${written}[${index}]`,
      path,
      entry: [name, value],
      context,
      onChange: (entry) => {
        change(entries.with(index, entry));
      },
      onRemove: () => {
        context.restructure(path, asObject(entries.toSpliced(index, 1)));
      },
    }),
  );
  return element(
    'div',
    { class: 'field wide', role: 'group', 'aria-label': label },
    element('div', { class: 'field-label', 'aria-hidden': 'true' }, label),
    ...rows,
    element('div', { class: 'field-controls' }, add.element),
    problem.element,
    ...(help === undefined ? [] : [element('p', { class: 'field-help' }, ...withCode(help))]),
  );
}

function renderEntry(options: {
  readonly field: MapField;
  readonly id: string;
  readonly path: Path;
  readonly entry: Entries[number];
  readonly context: FormContext;
  readonly onChange: (entry: Entries[number]) => void;
  readonly onRemove: () => void;
}): HTMLElement {
  const { field, id, path, context } = options;
  let [name, value] = options.entry;
  const typed = textField({
    testId: `${id}.name`,
    label: t('Name'),
    onChange: (text) => {
      name = text;
      options.onChange([name, value]);
    },
  });
  typed.setValue(name);
  const chosen = dropdown({
    testId: `${id}.value`,
    label: field.label,
    choices: field.options,
    onChange: (choice) => {
      value = choice;
      options.onChange([name, value]);
    },
  });
  chosen.setValue(value);
  const remove = button({
    testId: `${id}.remove`,
    label: t('Remove'),
    description: t('Remove: {0}', name),
    appearance: 'secondary',
    onClick: options.onRemove,
  });
  const problem = problemPlace(writtenPath([...path, name]));
  context.register(writtenPath([...path, name]), {
    setProblem: problem.setProblem,
    setEnabled(isEnabled) {
      for (const each of [typed, chosen, remove]) each.setEnabled(isEnabled);
    },
  });
  return element(
    'div',
    {},
    element('div', { class: 'field-controls' }, typed.element, chosen.element, remove.element),
    problem.element,
  );
}

function entriesOf(value: unknown): Entries {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).map(([name, choice]) => [name, textOf(choice)]);
}

function asObject(entries: Entries): Readonly<Record<string, string>> | undefined {
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
