import type { VariantsField } from '../../src/protocol/form.ts';
import { dropdown } from '../components/dropdown.ts';
import { element } from '../dom.ts';
import { renderFields } from './fieldList.ts';
import { fieldRow } from './fieldRow.ts';
import type { FormContext } from './formContext.ts';
import { writtenPath, type Path } from './paths.ts';
import { variantOf } from './variantOf.ts';

/** A value of one of several shapes: a choice of the shape, then that shape's fields. */
export function renderVariants(field: VariantsField, path: Path, context: FormContext): HTMLElement {
  const variant = variantOf(field, context.value(path));
  const selectorPath = writtenPath(field.tag === undefined ? path : [...path, field.tag]);
  const help = variant?.help ?? field.help;
  const control = dropdown({
    testId: selectorPath,
    label: field.label,
    ...(help !== undefined && { description: help }),
    choices: field.variants.map(({ id, label }) => ({ value: id, label })),
    onChange: (id) => {
      const chosen = field.variants.find((candidate) => candidate.id === id);
      if (chosen && chosen !== variant) context.restructure(path, chosen.initial);
    },
  });
  control.setValue(variant?.id ?? '');
  return element(
    'div',
    { class: 'fields' },
    fieldRow({
      context,
      path: selectorPath,
      ...(field.tag !== undefined && { alias: writtenPath(path) }),
      label: field.label,
      control,
      isWide: true,
      ...(help !== undefined && { help }),
    }),
    ...renderFields(variant?.fields ?? [], path, context),
  );
}
