import * as vscode from 'vscode';
import { DistilleryError } from '../../errors.ts';
import type { StoredRun } from '../../launching/readRun.ts';
import type { Runs } from '../runs/runSupervisor.ts';
import { nameOf } from '../views/arrangeRuns.ts';
import { chooseRuns } from './chooseRuns.ts';
import type { Comparisons } from './comparisons.ts';
import type { Command } from './runCommands.ts';

/** As the terminal has it. */
const FEWEST = 2;
const MOST = 20;

/** The command that shows runs beside each other; called on one run, it asks with which others. */
export function compareCommand(comparisons: Comparisons, runs: Runs): Readonly<Record<string, Command>> {
  return {
    'distillery.compareRuns': async (target, selected) => {
      const title = vscode.l10n.t('Compare Runs');
      const wanted = { title, isFit: hasReport, isMany: true };
      const given = await chooseRuns(runs, wanted, target, selected);
      const [only] = given;
      if (only && given.length === 1 && !runs.all.some((run) => hasReport(run) && run.folder !== only.folder)) {
        void vscode.window.showInformationMessage(
          vscode.l10n.t("No other run has a report yet that '{0}' could be compared with.", nameOf(only)),
        );
        return;
      }
      const added = given.length === 1 && target !== undefined ? await others(runs, given) : [];
      // Whoever chooses none has thought better of it.
      if (given.length === 0 || (target !== undefined && given.length + added.length === 1)) return;
      const chosen = [...given, ...added];
      if (chosen.length < FEWEST || chosen.length > MOST) {
        const message = vscode.l10n.t('Choose {0} to {1} runs that have a report.', FEWEST, MOST);
        throw new DistilleryError('BAD_INPUT', message);
      }
      await comparisons.open(chosen.map(({ folder }) => folder));
    },
  };
}

async function others(runs: Runs, given: readonly StoredRun[]): Promise<readonly StoredRun[]> {
  const title = vscode.l10n.t('Compare with');
  const isFit = (run: StoredRun): boolean => hasReport(run) && !given.some(({ folder }) => folder === run.folder);
  return chooseRuns(runs, { title, isFit, isMany: true }, undefined, undefined);
}

function hasReport({ details }: StoredRun): boolean {
  return details.hasReport;
}
