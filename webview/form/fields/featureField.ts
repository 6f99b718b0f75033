import type { FeatureChoice } from '../../../src/protocol/features.ts';
import type { TextField } from '../../../src/protocol/form.ts';
import { dropdown } from '../../components/dropdown.ts';
import { linkButton } from '../../components/linkButton.ts';
import { textField } from '../../components/textField.ts';
import { element } from '../../dom.ts';
import { t } from '../../l10n.ts';
import { fieldRow } from '../fieldRow.ts';
import type { FormContext } from '../formContext.ts';
import { textOf } from '../numberText.ts';
import { writtenPath, type Path } from '../paths.ts';

/** Value of the entry that asks to choose; the toolkit's dropdown cannot tell empty text from no value. */
const NOTHING_CHOSEN = '-';

/** The name of a value inside a network: typed, or chosen from those that can be compared once they are listed. */
export function renderFeature(
  field: TextField,
  network: 'student' | 'teacher',
  path: Path,
  context: FormContext,
): HTMLElement {
  const { label, help } = field;
  const written = writtenPath(path);
  const typed = textField({
    testId: written,
    label,
    ...(help !== undefined && { description: help }),
    onChange: (name) => {
      context.edit(path, name);
    },
  });
  const current = textOf(context.value(path));
  typed.setValue(current);
  const features = context.answers.features;
  const below =
    features && features !== 'asked'
      ? listed(written, features[network], current, (name) => {
          typed.setValue(name);
          context.edit(path, name);
        })
      : unlisted(written, label, context);
  context.register(`${written}.listed`, {
    setProblem: () => undefined,
    setEnabled: (isEnabled) => {
      below.setEnabled(isEnabled);
    },
  });
  return fieldRow({
    context,
    path: written,
    label,
    control: typed,
    below: element('div', { class: 'field-controls' }, below.element),
    isWide: true,
    ...(help !== undefined && { help }),
  });
}

interface Below {
  readonly element: HTMLElement;
  setEnabled(isEnabled: boolean): void;
}

function listed(
  path: string,
  features: readonly FeatureChoice[],
  current: string,
  onChoose: (name: string) => void,
): Below {
  const control = dropdown({
    testId: `${path}.listed`,
    label: t('Values that can be compared'),
    choices: [
      { value: NOTHING_CHOSEN, label: t('Choose one of {0} values…', features.length) },
      ...features.map((feature) => ({ value: feature.name, label: describeFeature(feature) })),
    ],
    onChange: (name) => {
      if (name !== NOTHING_CHOSEN) onChoose(name);
    },
  });
  control.setValue(features.some(({ name }) => name === current) ? current : NOTHING_CHOSEN);
  return control;
}

function describeFeature({ name, shape, stage, lastOfStage }: FeatureChoice): string {
  const dimensions = shape.slice(1).join(' × ');
  return lastOfStage ? t('{0} ({1}), last of {2}', name, dimensions, stage) : t('{0} ({1})', name, dimensions);
}

/** A link that asks for the values. */
function unlisted(path: string, label: string, context: FormContext): Below {
  const isAsked = context.answers.features === 'asked';
  const link = linkButton({
    testId: `${path}.list`,
    label: isAsked ? t('Looking into both networks…') : t('List the values'),
    description: t('List the values: {0}', label),
    onClick: () => {
      context.answers.withFeatures(() => undefined);
    },
  });
  return {
    element: link.element,
    setEnabled: (isEnabled) => {
      link.setEnabled(isEnabled && !isAsked);
    },
  };
}
