import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { PanelState } from '../../protocol/panel.ts';
import type { TabKind } from '../views/keptTabs.ts';

/** What a panel shows, as it is kept. */
const panelStateSchema = z.object({
  draft: z.record(z.string(), z.unknown()),
  baseDirectory: z.string(),
  file: z.string().exactOptional(),
  runFolder: z.string().exactOptional(),
}) satisfies z.ZodType<PanelState>;

/** Tabs of experiments and their runs. */
export const panelTabs: TabKind<PanelState> = {
  key: 'distillery.panels',
  stateSchema: panelStateSchema,
  isSameTab: isSameExperiment,
};

/** What a panel kept over a reload; undefined when nothing of this version's shape was kept. */
export function parsePanelState(value: unknown): PanelState | undefined {
  return z.object({ panel: panelStateSchema }).safeParse(value).data?.panel;
}

/** Whether two states are of one panel, of which one may have started a run since. */
function isSameExperiment(state: PanelState, other: PanelState): boolean {
  if (state.file !== undefined || other.file !== undefined) return state.file === other.file;
  return (
    (state.runFolder !== undefined && state.runFolder === other.runFolder) ||
    isDeepStrictEqual(state.draft, other.draft)
  );
}
