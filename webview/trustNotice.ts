import { button } from './components/button.ts';
import { element } from './dom.ts';
import { t } from './l10n.ts';
import { post } from './vscodeApi.ts';

/** Why nothing can be started in a folder that is not trusted, with the way to change that. */
export function trustNotice(): HTMLElement {
  const manage = button({
    testId: 'manageTrust',
    label: t('Manage trust'),
    appearance: 'secondary',
    onClick: () => {
      post({ kind: 'manageTrust' });
    },
  });
  const text = t('This workspace is not trusted: experiments and runs can be looked at, but nothing can be started.');
  return element(
    'div',
    { class: 'notice', role: 'note', 'data-testid': 'untrusted' },
    element('p', {}, text),
    manage.element,
  );
}
