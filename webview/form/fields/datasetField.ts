import type { TextField } from '../../../src/protocol/form.ts';
import { button } from '../../components/button.ts';
import { textField } from '../../components/textField.ts';
import { t } from '../../l10n.ts';
import { fieldRow } from '../fieldRow.ts';
import type { FormContext } from '../formContext.ts';
import { textOf } from '../numberText.ts';
import { writtenPath, type Path } from '../paths.ts';

/** The dataset that Distillery draws itself. */
const BUILTIN_DIGITS = 'builtin:digits';

/** A path to data: typed, browsed for, or the data that needs none. */
export function renderDataset(field: TextField, path: Path, context: FormContext): HTMLElement {
  const { label, help } = field;
  const written = writtenPath(path);
  const control = textField({
    testId: written,
    label,
    ...(help !== undefined && { description: help }),
    placeholder: 'data/mnist',
    onChange: (dataset) => {
      context.edit(path, dataset);
    },
  });
  control.setValue(textOf(context.value(path)));
  const folder = button({
    testId: `${written}.browseFolder`,
    label: t('Folder…'),
    description: t('Browse for a dataset folder'),
    appearance: 'secondary',
    onClick: () => {
      context.pick('dataset-folder', written);
    },
  });
  const file = button({
    testId: `${written}.browseFile`,
    label: t('File…'),
    description: t('Browse for a dataset file'),
    appearance: 'secondary',
    onClick: () => {
      context.pick('dataset-file', written);
    },
  });
  const builtin = button({
    testId: `${written}.builtin`,
    label: t('Built-in digits'),
    description: t('Use the built-in digits, which need no files'),
    appearance: 'secondary',
    onClick: () => {
      control.setValue(BUILTIN_DIGITS);
      context.edit(path, BUILTIN_DIGITS);
    },
  });
  return fieldRow({
    context,
    path: written,
    label,
    control,
    beside: [folder, file, builtin],
    isWide: true,
    ...(help !== undefined && { help }),
  });
}
