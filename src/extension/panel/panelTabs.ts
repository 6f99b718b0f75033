import { isDeepStrictEqual } from 'node:util';
import type { PanelState } from '../../protocol/panel.ts';
import type { TabKind } from '../views/keptTabs.ts';
import { panelStateSchema } from './parsePanelMessage.ts';

/** Tabs of experiments and their runs. */
export const panelTabs: TabKind<PanelState> = {
  key: 'distillery.panels',
  stateSchema: panelStateSchema,
  isSameTab: isSameExperiment,
};

/** Whether two states are of one panel, of which one may have started a run since. */
function isSameExperiment(state: PanelState, other: PanelState): boolean {
  if (state.file !== undefined || other.file !== undefined) return state.file === other.file;
  return (
    (state.runFolder !== undefined && state.runFolder === other.runFolder) ||
    isDeepStrictEqual(state.draft, other.draft)
  );
}
