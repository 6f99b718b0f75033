import { button } from './components/button.ts';
import { element } from './dom.ts';
import { t } from './l10n.ts';
import { post } from './vscodeApi.ts';

/** What a person sees in place of a run before there is one. */
export function introduction(): HTMLElement {
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
    { class: 'introduction', 'data-testid': 'introduction' },
    element('h2', {}, t('How it works')),
    element('ol', {}, ...steps.map((step) => element('li', {}, step))),
    element('p', {}, t('The curves appear here while the student learns, and the compression report when it has.')),
    element('p', {}, t('Nothing at hand? These need no files:')),
    element('div', { class: 'actions' }, digits.element),
  );
}
