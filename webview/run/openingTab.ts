import type { RunSnapshot } from '../../src/protocol/snapshot.ts';
import { goesOn } from './runState.ts';

/** The places of the panel. */
export type TabId = 'configure' | 'train' | 'report';

/** A tab that a person chose, and the run that was shown then. */
export interface ChosenTab {
  readonly id: TabId;
  readonly run: string;
}

/** The tab that a run opens at: the one that was chosen for it, else where there is the most to see of it. */
export function openingTab(
  { id, state, report }: Pick<RunSnapshot, 'id' | 'state' | 'report'>,
  chosen: ChosenTab | undefined,
): TabId {
  if (chosen?.run === id) return chosen.id;
  return !goesOn(state) && report !== undefined && state === 'finished' ? 'report' : 'train';
}
