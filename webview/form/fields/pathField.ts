import type { Picker, TextField } from '../../../src/protocol/form.ts';
import type { PickerKind } from '../../../src/protocol/panel.ts';
import { button, type Button } from '../../components/button.ts';
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
/** The dataset that Distillery draws itself. */
const BUILTIN_DIGITS = 'builtin:digits';

const placeholders: Readonly<Record<Picker, string>> = {
  model: 'models/teacher.onnx',
  dataset: 'data/mnist',
  tokenizer: 'models/tokenizer.json',
};

/** A path to what can be picked: typed, browsed for, or chosen from what there is without browsing. */
export function renderPath(field: TextField, picker: Picker, path: Path, context: FormContext): HTMLElement {
  const { label, help } = field;
  const written = writtenPath(path);
  const edit = (text: string): void => {
    // Without a tokenizer there is no value; without a model or data it is wrong, which is said.
    context.edit(path, picker === 'tokenizer' && text === '' ? undefined : text);
    found?.setValue(text);
  };
  const control = textField({
    testId: written,
    label,
    ...(help !== undefined && { description: help }),
    placeholder: placeholders[picker],
    onChange: edit,
  });
  const choose = (text: string): void => {
    control.setValue(text);
    edit(text);
  };
  const found = foundInWorkspace(picker, written, context, choose);
  const current = textOf(context.value(path));
  control.setValue(current);
  found?.setValue(current);
  if (found) context.register(`${written}.found`, found);
  return fieldRow({
    context,
    path: written,
    label,
    control,
    beside: browseButtons(picker, label, written, context, choose),
    ...(found && { below: element('div', { class: 'field-controls' }, found.element) }),
    isWide: true,
    ...(help !== undefined && { help }),
  });
}

function browseButtons(
  picker: Picker,
  label: string,
  path: string,
  context: FormContext,
  choose: (text: string) => void,
): readonly Button[] {
  const secondary = (id: string, text: string, description: string, onClick: () => void): Button =>
    button({ testId: `${path}.${id}`, label: text, description, appearance: 'secondary', onClick });
  const browse = (id: string, text: string, description: string, kind: PickerKind): Button =>
    secondary(id, text, description, () => {
      context.pick(kind, path);
    });
  switch (picker) {
    case 'model':
    case 'tokenizer':
      return [browse('browse', t('Browse…'), t('Browse for: {0}', label), picker)];
    case 'dataset':
      return [
        browse('browseFolder', t('Folder…'), t('Browse for a dataset folder'), 'dataset-folder'),
        browse('browseFile', t('File…'), t('Browse for a dataset file'), 'dataset-file'),
        secondary('builtin', t('Built-in digits'), t('Use the built-in digits, which need no files'), () => {
          choose(BUILTIN_DIGITS);
        }),
      ];
  }
}

/** What there is in the workspace, to be chosen from. */
function foundInWorkspace(
  picker: Picker,
  path: string,
  { models, datasets }: FormContext,
  onChoose: (chosen: string) => void,
): Control<string> | undefined {
  if (picker === 'tokenizer') return undefined;
  const there = picker === 'model' ? models : datasets;
  if (there.length === 0) return undefined;
  const list = dropdown({
    testId: `${path}.found`,
    label: picker === 'model' ? t('Models in this workspace') : t('Data in this workspace'),
    choices: [
      { value: NOTHING_CHOSEN, label: t('Choose from this workspace ({0})…', there.length) },
      ...there.map((each) => ({ value: each, label: each })),
    ],
    onChange: (chosen) => {
      if (chosen !== NOTHING_CHOSEN) onChoose(chosen);
    },
  });
  return {
    ...list,
    setValue(chosen) {
      // What is chosen stands in the field: twice would be too much.
      list.setValue(NOTHING_CHOSEN);
      // The only one that there is stands in the field already.
      list.element.hidden = there.length === 1 && there[0] === chosen;
    },
  };
}
