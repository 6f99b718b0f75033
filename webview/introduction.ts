import { button } from './components/button.ts';
import type { ExperimentDraft } from '../src/protocol/panel.ts';
import { element } from './dom.ts';
import { valueAt } from './form/paths.ts';
import { t } from './l10n.ts';
import { post } from './vscodeApi.ts';

/** What is to be done, until it is begun: shown above the form while no data are chosen. */
export class Introduction {
  readonly element = drawIntroduction();

  /** Marks what is done. Who has data, or a file, has found the way. */
  show(draft: ExperimentDraft, { isSaved = false }: { readonly isSaved?: boolean } = {}): void {
    if (isSaved || valueAt(draft, ['dataset', 'path']) !== '') this.element.hidden = true;
    const teacher = valueAt(draft, ['teacher', 'model']);
    this.element.querySelector('li')?.classList.toggle('done', typeof teacher === 'string' && teacher !== '');
  }
}

function drawIntroduction(): HTMLElement {
  const steps = [
    t('Choose the teacher: a trained .onnx model.'),
    t('Choose the dataset that the student practises on.'),
    t('Choose a student that is smaller than the teacher, and press Start.'),
  ];
  const digits = button({
    testId: 'useBuiltinDigits',
    label: t('Fill in the built-in digits'),
    appearance: 'secondary',
    onClick: () => {
      post({ kind: 'useBuiltinDigits' });
    },
  });
  return element(
    'section',
    { class: 'introduction', 'data-testid': 'introduction', 'aria-label': t('How it works') },
    element('ol', {}, ...steps.map((step) => element('li', {}, step))),
    element(
      'div',
      {},
      element('p', {}, t('Nothing at hand? These need no files:')),
      element('div', { class: 'actions' }, digits.element),
    ),
  );
}
