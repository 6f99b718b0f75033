import type {
  ChoiceField,
  FlagField,
  FormField,
  NumberField,
  NumbersField,
  TextField,
  TextsField,
} from '../../../src/protocol/form.ts';
import type { Button } from '../../components/button.ts';
import type { Control, ControlOptions } from '../../components/control.ts';
import { checkbox } from '../../components/checkbox.ts';
import { dropdown } from '../../components/dropdown.ts';
import { scaleSlider, type ScaleSlider } from '../../components/scaleSlider.ts';
import { textField } from '../../components/textField.ts';
import { t } from '../../l10n.ts';
import { fieldRow } from '../fieldRow.ts';
import type { FormContext } from '../formContext.ts';
import { layerSliders } from '../student/layerSliders.ts';
import {
  numbersFromText,
  numberFromText,
  optionalNumbersFromText,
  textOf,
  textOfOptional,
  textsFromText,
} from '../numberText.ts';
import { writtenPath, type Path } from '../paths.ts';

/** Value of the entry that leaves a choice out; the toolkit's dropdown cannot tell empty text from no value. */
const LEFT_OUT = '-';

export function renderText(field: TextField, path: Path, context: FormContext): HTMLElement {
  const control = textField({
    testId: writtenPath(path),
    ...described(field),
    onChange: (text) => {
      context.edit(path, text === '' ? undefined : text);
    },
  });
  control.setValue(textOf(context.value(path) ?? field.default));
  return row(field, path, context, control);
}

/** A number, and beneath it what else can be done with it. */
export function renderNumber(field: NumberField, path: Path, context: FormContext, action?: Button): HTMLElement {
  const slider =
    field.scale &&
    scaleSlider({
      testId: `${writtenPath(path)}.slider`,
      label: field.label,
      // The box above bears the name and the value.
      isNamed: false,
      scale: field.scale,
      onChange: (value) => {
        control.setValue(textOf(value));
        context.edit(path, value);
      },
    });
  const control = textField({
    testId: writtenPath(path),
    ...described(field),
    isNumeric: true,
    onChange: (text) => {
      const number = numberFromText(text);
      if (typeof number === 'number') slider?.setValue(number);
      context.edit(path, number);
    },
    ...(field.default !== undefined && { placeholder: textOf(field.default) }),
  });
  const value = context.value(path) ?? field.default;
  control.setValue(textOf(value));
  if (typeof value === 'number') slider?.setValue(value);
  return row(field, path, context, slider ? slidable(control, slider) : control, action, slider?.element);
}

/** A control that is switched off together with its slider. */
function slidable(control: Control<string>, slider: Pick<ScaleSlider, 'setEnabled'>): Control<string> {
  return {
    ...control,
    setEnabled(isEnabled) {
      control.setEnabled(isEnabled);
      slider.setEnabled(isEnabled);
    },
  };
}

export function renderNumbers(field: NumbersField, path: Path, context: FormContext): HTMLElement {
  const { label, layers } = field;
  const sliders =
    layers &&
    layerSliders({ label, layers }, writtenPath(path), (widths) => {
      control.setValue(textOf(widths));
      context.edit(path, widths);
    });
  const control = textField({
    testId: writtenPath(path),
    ...described(field),
    onChange: (text) => {
      const numbers = field.isOptional ? optionalNumbersFromText(text) : numbersFromText(text);
      sliders?.setValue(numbers);
      context.edit(path, numbers);
    },
  });
  const value = context.value(path);
  control.setValue(field.isOptional ? textOfOptional(value) : textOf(value ?? field.default));
  sliders?.setValue(value ?? field.default);
  return row(field, path, context, sliders ? slidable(control, sliders) : control, undefined, sliders?.element);
}

export function renderTexts(field: TextsField, path: Path, context: FormContext): HTMLElement {
  const control = textField({
    testId: writtenPath(path),
    ...described(field),
    onChange: (text) => {
      context.edit(path, textsFromText(text));
    },
  });
  control.setValue(textOf(context.value(path)));
  return row(field, path, context, control);
}

export function renderFlag(field: FlagField, path: Path, context: FormContext): HTMLElement {
  const control = checkbox({
    testId: writtenPath(path),
    ...described(field),
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
    ...described(field),
    choices: field.isOptional ? [{ value: LEFT_OUT, label: t('Default') }, ...field.options] : field.options,
    onChange: (value) => {
      const chosen = field.isNumeric === true ? Number(value) : value;
      context.edit(path, value === LEFT_OUT ? undefined : chosen);
    },
  });
  control.setValue(textOf(context.value(path) ?? field.default) || LEFT_OUT);
  return row(field, path, context, control);
}

function described({ label, help }: FormField): Pick<ControlOptions<never>, 'label' | 'description'> {
  return { label, ...(help !== undefined && { description: help }) };
}

/** The value of a variant itself stands below the label of their choice. */
function row(
  { name, label, help }: Pick<FormField, 'name' | 'label' | 'help'>,
  path: Path,
  context: FormContext,
  control: Parameters<typeof fieldRow>[0]['control'],
  action?: Button,
  below?: HTMLElement,
): HTMLElement {
  return fieldRow({
    context,
    path: writtenPath(path),
    ...(name !== '' && { label }),
    control,
    ...(below && { below, isWide: true }),
    ...(action && { action }),
    ...(help !== undefined && { help }),
  });
}
