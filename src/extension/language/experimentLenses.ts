import { findNodeAtLocation } from 'jsonc-parser';
import * as vscode from 'vscode';
import { fieldsOf, treeOf } from '../../experiment/incompleteText.ts';
import { nameOf } from '../experiments/drafts.ts';
import type { StoredSearch } from '../../launching/readSearches.ts';
import type { Runs } from '../runs/runSupervisor.ts';
import type { Searches } from '../search/searches.ts';
import { describeSearch } from '../views/describeSearch.ts';
import { networkLine, splitsLine } from './describeFacts.ts';
import { describeLastRun } from './describeLastRun.ts';
import { isExperiment } from './experimentLanguage.ts';
import type { ExperimentFactsStore } from './factsStore.ts';

export interface LensServices {
  readonly runs: Runs;
  readonly searches: Pick<Searches, 'all'>;
  readonly facts: ExperimentFactsStore;
  readonly onDidChangeRuns: vscode.Event<void>;
}

/** What can be done with an experiment file, above its text: run it, open its panel, look at its last run. */
export class ExperimentLenses implements vscode.CodeLensProvider {
  readonly #services: LensServices;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #disposables: readonly { dispose(): unknown }[];

  constructor(services: LensServices) {
    this.#services = services;
    const redraw = (): void => {
      this.#changed.fire();
    };
    this.#disposables = [this.#changed, services.onDidChangeRuns(redraw), services.facts.onDidChange(redraw)];
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!isExperiment(document) || document.isUntitled) return [];
    const { facts } = this.#services;
    const { uri } = document;
    const draft = fieldsOf(document.getText());
    const name = nameOf(draft, uri.fsPath);
    const run = this.#services.runs.all.find(({ status }) => status.name === name);
    const lens = (title: string, command: string, ...targets: unknown[]): vscode.CodeLens =>
      new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), { title, command, arguments: targets });
    return [
      lens(`$(run-all) ${vscode.l10n.t('Run')}`, 'distillery.runExperiment', uri),
      ...('search' in draft
        ? [lens(`$(search) ${vscode.l10n.t('Search for the Best Student')}`, 'distillery.searchExperiment', uri)]
        : []),
      lens(vscode.l10n.t('Open in Panel'), 'distillery.openExperiment', uri),
      facts.isLooking(document)
        ? lens(`$(loading~spin) ${vscode.l10n.t('Checking …')}`, '')
        : lens(vscode.l10n.t('Check with Data'), 'distillery.checkExperiment', uri),
      ...(run ? [lens(describeLastRun(run.status, vscode.l10n.t), 'distillery.openRun', { kind: 'run', run })] : []),
      ...this.#lastSearch(name).map((search) =>
        lens(
          vscode.l10n.t('Last search: {0}', describeSearch(search, { translate: vscode.l10n.t }).description),
          'distillery.openSearch',
          { kind: 'search', search },
        ),
      ),
      ...this.#factLenses(document),
    ];
  }

  /** What was found out about a part of the file, above it. */
  #factLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const found = this.#services.facts.of(document);
    const root = found && treeOf(document.getText());
    if (!root) return [];
    const { teacher, data, student } = found;
    const t = vscode.l10n.t;
    const classes = data.classes.length > 0 ? ` · ${t('{0} classes', data.classes.length)}` : '';
    const parts: readonly (readonly [string, string | undefined])[] = [
      ['teacher', teacher ? networkLine(teacher, t) : undefined],
      ['dataset', `${splitsLine(data, t)}${classes}`],
      ['student', student ? networkLine(student, t) : undefined],
    ];
    return parts.flatMap(([name, title]) => {
      const node = findNodeAtLocation(root, [name])?.parent;
      if (!node || title === undefined) return [];
      const start = document.positionAt(node.offset);
      return [new vscode.CodeLens(new vscode.Range(start, start), { title, command: '' })];
    });
  }

  #lastSearch(name: string | undefined): readonly StoredSearch[] {
    return this.#services.searches.all.filter((search) => search.name === name).slice(0, 1);
  }
}
