import type { RunStatus } from '../../protocol/events.ts';
import { formatLoss, formatPercent, formatProgress } from '../../report/format.ts';
import type { Translate } from '../translate.ts';
import { stateName } from '../views/describeRun.ts';

/** How a run went, or goes, in a few words: `Last run: 97.10 %`. */
export function describeLastRun({ state, accuracy, loss, progress }: RunStatus, t: Translate): string {
  if (state === 'running') return t('Running: {0}', formatProgress(progress));
  const quality =
    accuracy === undefined
      ? loss === undefined
        ? undefined
        : t('loss {0}', formatLoss(loss))
      : formatPercent(accuracy);
  const words = state === 'finished' ? [] : [stateName(state, t)];
  return t('Last run: {0}', [...words, ...(quality === undefined ? [] : [quality])].join(', '));
}
