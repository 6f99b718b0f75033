import type { WorkspaceHindrance } from '../src/protocol/panel.ts';
import { button } from './components/button.ts';
import { element } from './dom.ts';
import { t } from './l10n.ts';
import { post } from './vscodeApi.ts';

/** Why nothing can be started in the workspace as it is, with the way to change that. */
export function workspaceNotice(hindrance: WorkspaceHindrance): HTMLElement {
  switch (hindrance) {
    case 'untrusted':
      return notice(
        'untrusted',
        t('This workspace is not trusted: experiments and runs can be looked at, but nothing can be started.'),
        button({
          testId: 'manageTrust',
          label: t('Manage trust'),
          appearance: 'secondary',
          onClick: () => {
            post({ kind: 'manageTrust' });
          },
        }),
      );
    case 'no-folder':
      return notice(
        'noFolder',
        t(
          'No folder is open: an experiment can be put together and saved, but a run needs a folder to be written into.',
        ),
        button({
          testId: 'openFolder',
          label: t('Open folder…'),
          appearance: 'secondary',
          onClick: () => {
            post({ kind: 'openFolder' });
          },
        }),
      );
  }
}

function notice(testId: string, text: string, way: { readonly element: HTMLElement }): HTMLElement {
  return element('div', { class: 'notice', role: 'note', 'data-testid': testId }, element('p', {}, text), way.element);
}
