import type { ChoiceField, FlagField, NumberField, NumbersField, TextField } from '../../src/protocol/form.ts';
import { checkbox } from '../components/checkbox.ts';
import { dropdown } from '../components/dropdown.ts';
import { textField } from '../components/textField.ts';
import { fieldRow } from './fieldRow.ts';
import type { FormContext } from './formContext.ts';
import { numbersFromText, numberFromText, textOf } from './numberText.ts';
import { writtenPath, type Path } from './paths.ts';

export function renderText(field: TextField, path: Path, context: FormContext): HTMLElement {
  const control = textField({
    testId: writtenPath(path),
    label: field.label,
    onChange: (text) => {
      context.edit(path, text === '' ? undefined : text);
    },
  });
  control.setValue(textOf(context.value(path) ?? field.default));
  return row(field, path, context, control);
}

export function renderNumber(field: NumberField, path: Path, context: FormContext): HTMLElement {
  const control = textField({
    testId: writtenPath(path),
    label: field.label,
    isNumeric: true,
    onChange: (text) => {
      context.edit(path, numberFromText(text));
    },
    ...(field.default !== undefined && { placeholder: textOf(field.default) }),
  });
  control.setValue(textOf(context.value(path) ?? field.default));
  return row(field, path, context, control);
}

export function renderNumbers(field: NumbersField, path: Path, context: FormContext): HTMLElement {
  const control = textField({
    testId: writtenPath(path),
    label: field.label,
    onChange: (text) => {
      context.edit(path, numbersFromText(text));
    },
  });
  control.setValue(textOf(context.value(path) ?? field.default));
  return row(field, path, context, control);
}

export function renderFlag(field: FlagField, path: Path, context: FormContext): HTMLElement {
  const control = checkbox({
    testId: writtenPath(path),
    label: field.label,
    onChange: (isChecked) => {
      context.edit(path, isChecked);
    },
  });
  control.setValue((context.value(path) ?? field.default) === true);
  return fieldRow({ context, path: writtenPath(path), control, ...(field.help !== undefined && { help: field.help }) });
}

export function renderChoice(field: ChoiceField, path: Path, context: FormContext): HTMLElement {
  const control = dropdown({
    testId: writtenPath(path),
    label: field.label,
    choices: field.options,
    onChange: (value) => {
      context.edit(path, value);
    },
  });
  control.setValue(textOf(context.value(path) ?? field.default));
  return row(field, path, context, control);
}

function row(
  { label, help }: { readonly label: string; readonly help?: string },
  path: Path,
  context: FormContext,
  control: Parameters<typeof fieldRow>[0]['control'],
): HTMLElement {
  return fieldRow({ context, path: writtenPath(path), label, control, ...(help !== undefined && { help }) });
}
