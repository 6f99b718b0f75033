import { formatPercent } from '../report/format.ts';
import type { MeasuredLoad } from '../report/speed.ts';
import type { Run } from './run.ts';

/** Tells the run when the machine was busy with other things while speeds were measured, and what to do about it. */
export function tellLoad({ isBusy, others, waiting }: MeasuredLoad, { onEvent }: Pick<Run, 'onEvent'>): void {
  if (!isBusy) return;
  const shares = [
    ...(others === null ? [] : [`other programs took ${formatPercent(others, 0)} of the processors`]),
    ...(waiting === null ? [] : [`networks waited for a processor ${formatPercent(waiting, 0)} of the time`]),
  ];
  onEvent({
    kind: 'phase',
    phase: 'report',
    message: `The machine was busy while speeds were measured (${shares.join(', ')}), so times and how many times faster networks are may be off. Close other programs and run the experiment again for certain figures.`,
  });
}
