import type { TextField } from '../../src/protocol/form.ts';
import { button } from '../components/button.ts';
import { dropdown } from '../components/dropdown.ts';
import { textField } from '../components/textField.ts';
import { element } from '../dom.ts';
import { t } from '../l10n.ts';
import { fieldRow } from './fieldRow.ts';
import type { FormContext } from './formContext.ts';
import { textOf } from './numberText.ts';
import { writtenPath, type Path } from './paths.ts';

/** The dataset that Distillery draws itself. */
const BUILTIN_DIGITS = 'builtin:digits';

/** Value of the entry that asks to choose; the toolkit's dropdown cannot tell empty text from no value. */
const NOTHING_CHOSEN = '-';

/** A path to a model or to data: typed, browsed for, or chosen from what the workspace has. */
export function renderPath(field: TextField, path: Path, context: FormContext): HTMLElement {
  const written = writtenPath(path);
  const control = textField({
    testId: written,
    label: field.label,
    ...(field.help !== undefined && { description: field.help }),
    placeholder: field.picker === 'model' ? 'models/teacher.onnx' : 'data/mnist',
    onChange: (text) => {
      context.edit(path, text);
    },
  });
  control.setValue(textOf(context.value(path)));
  const row = fieldRow({
    context,
    path: written,
    label: field.label,
    control,
    beside:
      field.picker === 'model'
        ? [modelButton(field, written, context)]
        : datasetButtons(path, context, control.setValue),
    isWide: true,
    ...(field.help !== undefined && { help: field.help }),
  });
  if (field.picker === 'model' && context.models.length > 0) {
    row.querySelector('.field-controls')?.after(foundModels(path, context, control.setValue));
  }
  return row;
}

function modelButton({ label }: TextField, path: string, context: FormContext) {
  return button({
    testId: `${path}.browse`,
    label: t('Browse…'),
    description: t('Browse for: {0}', label),
    appearance: 'secondary',
    onClick: () => {
      context.pick('model', path);
    },
  });
}

function datasetButtons(path: Path, context: FormContext, show: (dataset: string) => void) {
  const written = writtenPath(path);
  return [
    button({
      testId: `${written}.browseFolder`,
      label: t('Folder…'),
      description: t('Browse for a dataset folder'),
      appearance: 'secondary',
      onClick: () => {
        context.pick('dataset-folder', written);
      },
    }),
    button({
      testId: `${written}.browseFile`,
      label: t('File…'),
      description: t('Browse for a dataset file'),
      appearance: 'secondary',
      onClick: () => {
        context.pick('dataset-file', written);
      },
    }),
    button({
      testId: `${written}.builtin`,
      label: t('Built-in digits'),
      description: t('Use the built-in digits, which need no files'),
      appearance: 'secondary',
      onClick: () => {
        show(BUILTIN_DIGITS);
        context.edit(path, BUILTIN_DIGITS);
      },
    }),
  ];
}

/** Models of the workspace to choose from. */
function foundModels(path: Path, context: FormContext, show: (model: string) => void): HTMLElement {
  const label = t('Models in this workspace');
  const written = writtenPath(path);
  const current = textOf(context.value(path));
  const control = dropdown({
    testId: `${written}.found`,
    label,
    choices: [
      { value: NOTHING_CHOSEN, label: t('Choose one of {0} in this workspace…', context.models.length) },
      ...context.models.map((model) => ({ value: model, label: model })),
    ],
    onChange: (model) => {
      if (model === NOTHING_CHOSEN) return;
      show(model);
      context.edit(path, model);
    },
  });
  control.setValue(context.models.includes(current) ? current : NOTHING_CHOSEN);
  context.register(`${written}.found`, { setProblem: () => undefined, setEnabled: control.setEnabled });
  return element('div', { class: 'field-controls' }, control.element);
}
