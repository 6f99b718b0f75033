import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import type { Problem } from '../../errors.ts';
import type { FormSection } from '../../protocol/form.ts';
import type { HostMessage, PanelState } from '../../protocol/panel.ts';
import { emptyDraft, toExperimentPath } from '../experiments/drafts.ts';
import { workspaceHindrance } from './workspace.ts';

/** What was found for a panel's page. */
interface Found {
  readonly sections: readonly FormSection[];
  readonly problems: readonly Problem[];
  /** Paths of what the workspace has. */
  readonly models: readonly string[];
  readonly datasets: readonly string[];
}

/** Everything that a page needs which was just loaded, or which shows something else from now on. */
export function openingMessage(
  { draft, baseDirectory, file, runFolder }: PanelState,
  { sections, problems, models, datasets }: Found,
): HostMessage {
  const isSaved = file !== undefined || runFolder !== undefined;
  return {
    kind: 'init',
    translations: vscode.l10n.bundle ?? {},
    sections,
    draft,
    problems,
    models: models.map((model) => toExperimentPath(baseDirectory, model)),
    datasets: datasets.map((path) => toExperimentPath(baseDirectory, path)),
    hindrance: workspaceHindrance(),
    isSaved,
    isStudentChosen: isSaved || !isDeepStrictEqual(draft['student'], emptyDraft()['student']),
    hasRun: runFolder !== undefined,
  };
}
