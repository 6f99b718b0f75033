import { applyChange, changedValues, type ChangedValue, type ExperimentChange } from './applyChange.ts';
import { parseExperiment } from '../../experiment/parseExperiment.ts';
import type { ExperimentDraft, PanelState } from '../../protocol/panel.ts';
import { rebasePaths } from './drafts.ts';

/** A draft that was changed as a report advises, and what was changed. */
export interface AdvisedDraft {
  readonly draft: ExperimentDraft;
  readonly changed: readonly ChangedValue[];
}

/**
 * The experiment of a run, changed. Where the draft still says what was run, it is the draft that is changed: it lacks the defaults that
 * the run wrote out.
 *
 * @param ran the experiment as the run's folder has it, with the folder that its paths start from
 */
export function adviseDraft(
  { draft, baseDirectory }: Pick<PanelState, 'draft' | 'baseDirectory'>,
  { ran, baseDirectory: ranIn }: { readonly ran: ExperimentDraft; readonly baseDirectory: string },
  change: ExperimentChange,
): AdvisedDraft {
  const now = meaning(rebasePaths(draft, baseDirectory, ranIn));
  const isWhatRan = now !== undefined && now === meaning(ran);
  const from = isWhatRan ? draft : rebasePaths(ran, ranIn, baseDirectory);
  return { draft: applyChange(from, change) as ExperimentDraft, changed: changedValues(from, change) };
}

/** What an experiment comes to, whatever it is called; undefined where it is no experiment yet. */
function meaning(draft: ExperimentDraft): string | undefined {
  try {
    return JSON.stringify({ ...parseExperiment(draft), name: undefined, $schema: undefined });
  } catch {
    return undefined;
  }
}
