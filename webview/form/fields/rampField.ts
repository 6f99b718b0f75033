import type { RampField } from '../../../src/protocol/form.ts';
import { linkButton } from '../../components/linkButton.ts';
import { element, withCode } from '../../dom.ts';
import { t } from '../../l10n.ts';
import type { FormContext } from '../formContext.ts';
import { writtenPath, type Path } from '../paths.ts';
import { problemPlace } from '../problemPlace.ts';
import { renderNumber } from './valueFields.ts';

/** A number, which may be made one that changes over the run and back. */
export function renderRamp(field: RampField, path: Path, context: FormContext): HTMLElement {
  const value = context.value(path);
  return typeof value === 'object' && value !== null
    ? renderChanging(field, path, context)
    : renderConstant(field, path, context);
}

function renderConstant(field: RampField, path: Path, context: FormContext): HTMLElement {
  const { name, label, help, default: fallback } = field;
  const change = linkButton({
    testId: `${writtenPath(path)}.change`,
    label: t('Changes over the run'),
    description: t('Changes over the run: {0}', label),
    onClick: () => {
      const number = context.value(path) ?? fallback ?? 1;
      context.restructure(path, { from: number, to: number, until: 1 });
    },
  });
  const number = {
    name,
    label,
    kind: 'number',
    integer: false,
    ...(help !== undefined && { help }),
    ...(fallback !== undefined && { default: fallback }),
  } as const;
  return renderNumber(number, path, context, change);
}

function renderChanging(field: RampField, path: Path, context: FormContext): HTMLElement {
  const { label, help } = field;
  const written = writtenPath(path);
  const settle = linkButton({
    testId: `${written}.settle`,
    label: t('Constant over the run'),
    description: t('Constant over the run: {0}', label),
    onClick: () => {
      context.restructure(path, context.value([...path, 'from']));
    },
  });
  const problem = problemPlace(written);
  context.register(written, { setProblem: problem.setProblem, setEnabled: settle.setEnabled });
  return element(
    'div',
    { class: 'field wide', role: 'group', 'aria-label': label },
    element('div', { class: 'field-label', 'aria-hidden': 'true' }, label),
    element(
      'div',
      { class: 'fields narrow' },
      ...field.fields.map((inner) => renderNumber(inner, [...path, inner.name], context)),
    ),
    problem.element,
    settle.element,
    ...(help === undefined ? [] : [element('p', { class: 'field-help' }, ...withCode(help))]),
  );
}
