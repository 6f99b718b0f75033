import type { Problem } from '../../src/errors.ts';
import { t } from '../l10n.ts';
import { post } from '../vscodeApi.ts';
import { button, type Button } from './button.ts';

/** Copies what an agent needs to help with these problems; with none, what it needs to know about the run that is shown. */
export function copyForAgent(testId: string, problems: readonly Problem[] = []): Button {
  return button({
    testId,
    label: t('Copy for Agent'),
    appearance: 'secondary',
    onClick: () => {
      post({ kind: 'copyForAgent', problems });
    },
  });
}
