import type { TextField } from '../../../src/protocol/form.ts';
import { button } from '../../components/button.ts';
import { textField } from '../../components/textField.ts';
import { t } from '../../l10n.ts';
import { fieldRow } from '../fieldRow.ts';
import type { FormContext } from '../formContext.ts';
import { textOf } from '../numberText.ts';
import { writtenPath, type Path } from '../paths.ts';

/** A path to a `tokenizer.json`: typed or browsed for. Without a text there is no value. */
export function renderTokenizer(field: TextField, path: Path, context: FormContext): HTMLElement {
  const { label, help } = field;
  const written = writtenPath(path);
  const control = textField({
    testId: written,
    label,
    ...(help !== undefined && { description: help }),
    placeholder: 'models/tokenizer.json',
    onChange: (file) => {
      context.edit(path, file === '' ? undefined : file);
    },
  });
  control.setValue(textOf(context.value(path)));
  const browse = button({
    testId: `${written}.browse`,
    label: t('Browse…'),
    description: t('Browse for: {0}', label),
    appearance: 'secondary',
    onClick: () => {
      context.pick('tokenizer', written);
    },
  });
  return fieldRow({
    context,
    path: written,
    label,
    control,
    beside: [browse],
    isWide: true,
    ...(help !== undefined && { help }),
  });
}
