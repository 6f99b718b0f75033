import type { GroupField } from '../../../src/protocol/form.ts';
import { checkbox } from '../../components/checkbox.ts';
import { element } from '../../dom.ts';
import { renderFields } from '../fieldList.ts';
import { fieldRow } from '../fieldRow.ts';
import { foreseenOutputs } from '../foreseenOutputs.ts';
import type { FormContext } from '../formContext.ts';
import { writtenPath, type Path } from '../paths.ts';

/** Fields of an object. Inside of another field's they are folded away under their name. */
export function renderGroup(field: GroupField, path: Path, context: FormContext): HTMLElement {
  if (field.initial !== undefined) return renderOptionalGroup(field, path, context);
  const foreseen = writtenPath(path) === 'cache' ? [foreseenOutputs(context)] : [];
  const fields = element('div', { class: 'fields' }, ...renderFields(field.fields, path, context), ...foreseen);
  if (path.length === 1 || typeof path.at(-1) === 'number') return fields;
  return element('details', { class: 'group wide' }, element('summary', {}, field.label), fields);
}

/** An object that is there or not: its fields follow when it is. */
function renderOptionalGroup(field: GroupField, path: Path, context: FormContext): HTMLElement {
  const { label, help, initial } = field;
  const isThere = context.value(path) !== undefined;
  const control = checkbox({
    testId: writtenPath(path),
    label,
    ...(help !== undefined && { description: help }),
    onChange: (isChecked) => {
      context.restructure(path, isChecked ? initial : undefined);
    },
  });
  control.setValue(isThere);
  return element(
    'div',
    { class: 'fields' },
    fieldRow({ context, path: writtenPath(path), control, isWide: true, ...(help !== undefined && { help }) }),
    ...(isThere ? renderFields(field.fields, path, context) : []),
  );
}
