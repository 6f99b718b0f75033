import type { GroupField } from '../../src/protocol/form.ts';
import { element } from '../dom.ts';
import type { FormContext } from './formContext.ts';
import type { Path } from './paths.ts';

/** Fields of an object. Inside of another field's they are folded away under their name. */
export function renderGroup(field: GroupField, path: Path, context: FormContext): HTMLElement {
  const fields = element(
    'div',
    { class: 'fields' },
    ...field.fields.map((inner) => context.render(inner, [...path, inner.name])),
  );
  if (path.length === 1) return fields;
  return element('details', { class: 'group wide' }, element('summary', {}, field.label), fields);
}
