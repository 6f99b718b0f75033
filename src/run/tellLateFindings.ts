import type { Dataset } from '../data/dataset.ts';
import type { Run } from './run.ts';

/** Has what is found out about a dataset while its samples are read told as the run's warnings. */
export function tellLateFindings({ onEvent }: Pick<Run, 'onEvent'>, { lateFindings }: Dataset): void {
  lateFindings?.watch(({ where, message, hint }) => {
    onEvent({ kind: 'warning', problem: { where, message, ...(hint !== undefined && { hint }) } });
  });
}
