import { formatBytes } from '../../src/report/format.ts';
import type { OutputSizes } from '../../src/protocol/outputForecast.ts';
import { button } from '../components/button.ts';
import { element } from '../dom.ts';
import { t } from '../l10n.ts';
import type { FormContext } from './formContext.ts';

const PLACE = 'cache.foresee';

/** A button that asks what the teacher's outputs will take, and the answer. */
export function foreseenOutputs(context: FormContext): HTMLElement {
  const outputs = context.answers.outputs;
  const isAsked = outputs === 'asked';
  const foresee = button({
    testId: PLACE,
    label: isAsked ? t('Looking into dataset and networks…') : t("How large will the teacher's outputs be?"),
    appearance: 'secondary',
    onClick: () => {
      context.answers.askForOutputs();
    },
  });
  context.register(PLACE, {
    setProblem: () => undefined,
    setEnabled: (isEnabled) => {
      foresee.setEnabled(isEnabled && !isAsked);
    },
  });
  const told = isAsked || outputs === undefined ? [] : describeSizes(outputs);
  return element(
    'div',
    { class: 'field wide' },
    foresee.element,
    ...told.map((text) => element('p', { class: 'field-help', role: 'status', 'data-until-edit': '' }, text)),
  );
}

function describeSizes(sizes: OutputSizes | null): readonly string[] {
  if (!sizes)
    return [t('Nothing is kept of a teacher that is trained first; otherwise the losses have to be complete.')];
  const { stored, there, held } = sizes;
  const kept =
    stored === 0
      ? t('Nothing is kept on the disk.')
      : t('{0} on the disk, of which {1} are there already.', formatBytes(stored), formatBytes(there));
  switch (held?.where) {
    case 'in-memory':
      return [kept, t('{0} in memory while the student is trained.', formatBytes(held.bytes))];
    case 'on-disk':
      return [
        kept,
        t('{0} do not fit into memory and are read from the disk as they are needed.', formatBytes(held.bytes)),
      ];
    case undefined:
      return [kept, t('The teacher is asked at every step.')];
  }
}
