import type { TextField } from '../../../src/protocol/form.ts';
import { button } from '../../components/button.ts';
import type { Control } from '../../components/control.ts';
import { dropdown } from '../../components/dropdown.ts';
import { textField } from '../../components/textField.ts';
import { element } from '../../dom.ts';
import { t } from '../../l10n.ts';
import { fieldRow } from '../fieldRow.ts';
import type { FormContext } from '../formContext.ts';
import { textOf } from '../numberText.ts';
import { writtenPath, type Path } from '../paths.ts';

/** Value of the entry that asks to choose; the toolkit's dropdown cannot tell empty text from no value. */
const NOTHING_CHOSEN = '-';

/** A path to an `.onnx` file: typed, browsed for, or chosen from those that the workspace has. */
export function renderModel(field: TextField, path: Path, context: FormContext): HTMLElement {
  const { label, help } = field;
  const written = writtenPath(path);
  const typed = textField({
    testId: written,
    label,
    ...(help !== undefined && { description: help }),
    placeholder: 'models/teacher.onnx',
    onChange: (model) => {
      context.edit(path, model);
      showFound(model);
    },
  });
  const found = foundModels(written, context.models, (model) => {
    typed.setValue(model);
    context.edit(path, model);
  });
  const showFound = (model: string): void => {
    found.setValue(context.models.includes(model) ? model : NOTHING_CHOSEN);
  };
  const current = textOf(context.value(path));
  typed.setValue(current);
  showFound(current);
  const browse = button({
    testId: `${written}.browse`,
    label: t('Browse…'),
    description: t('Browse for: {0}', label),
    appearance: 'secondary',
    onClick: () => {
      context.pick('model', written);
    },
  });
  context.register(`${written}.found`, found);
  return fieldRow({
    context,
    path: written,
    label,
    control: typed,
    beside: [browse],
    ...(context.models.length > 0 && { below: element('div', { class: 'field-controls' }, found.element) }),
    isWide: true,
    ...(help !== undefined && { help }),
  });
}

function foundModels(path: string, models: readonly string[], onChoose: (model: string) => void): Control<string> {
  return dropdown({
    testId: `${path}.found`,
    label: t('Models in this workspace'),
    choices: [
      { value: NOTHING_CHOSEN, label: t('Choose one of {0} in this workspace…', models.length) },
      ...models.map((model) => ({ value: model, label: model })),
    ],
    onChange: (model) => {
      if (model !== NOTHING_CHOSEN) onChoose(model);
    },
  });
}
