import * as vscode from 'vscode';
import * as z from 'zod';
import { groupings, sortings, type Arrangement, type Grouping, type Sorting } from '../views/arrangeRuns.ts';

const KEY = 'distillery.arrangement';

const stored = z.object({ sorting: z.enum(sortings), grouping: z.enum(groupings) });

/** How a person wants to see the runs: sorted and grouped as they chose in this workspace, searched until the window closes. */
export class ArrangementStore {
  readonly #memory: vscode.Memento;
  readonly #onChange: () => void;
  #current: Arrangement;

  constructor(memory: vscode.Memento, onChange: () => void) {
    this.#memory = memory;
    this.#onChange = onChange;
    const kept = stored.safeParse(memory.get(KEY)).data ?? { sorting: 'newest', grouping: 'experiment' };
    this.#current = { ...kept, search: '' };
  }

  get current(): Arrangement {
    return this.#current;
  }

  /** Asks for words to search for, and shows what they find as they are typed. */
  search(): void {
    const before = this.#current.search;
    const input = vscode.window.createInputBox();
    input.title = vscode.l10n.t('Search Runs');
    input.placeholder = vscode.l10n.t('Words in the name, note, state or device; * for starred runs');
    input.value = before;
    let isAccepted = false;
    input.onDidChangeValue((text) => {
      this.#change({ search: text.trim() });
    });
    input.onDidAccept(() => {
      isAccepted = true;
      input.hide();
    });
    input.onDidHide(() => {
      if (!isAccepted) this.#change({ search: before });
      input.dispose();
    });
    input.show();
  }

  clearSearch(): void {
    this.#change({ search: '' });
  }

  /** Asks by what to sort. */
  async sort(): Promise<void> {
    const sorting = await this.#choose(vscode.l10n.t('Sort Runs By'), sortings, this.#current.sorting, sortingLabel);
    if (sorting) this.#change({ sorting });
  }

  /** Asks by what to group. */
  async group(): Promise<void> {
    const grouping = await this.#choose(
      vscode.l10n.t('Group Runs By'),
      groupings,
      this.#current.grouping,
      groupingLabel,
    );
    if (grouping) this.#change({ grouping });
  }

  async #choose<Choice extends string>(
    title: string,
    choices: readonly Choice[],
    current: Choice,
    labelOf: (choice: Choice) => string,
  ): Promise<Choice | undefined> {
    const items = choices.map((choice) => ({
      label: labelOf(choice),
      ...(choice === current && { description: vscode.l10n.t('now') }),
      choice,
    }));
    return (await vscode.window.showQuickPick(items, { title }))?.choice;
  }

  #change(change: Partial<Arrangement>): void {
    this.#current = { ...this.#current, ...change };
    const { sorting, grouping, search } = this.#current;
    void this.#memory.update(KEY, { sorting, grouping });
    void vscode.commands.executeCommand('setContext', 'distillery.isSearched', search !== '');
    this.#onChange();
  }
}

function sortingLabel(sorting: Sorting): string {
  switch (sorting) {
    case 'newest':
      return vscode.l10n.t('Newest first');
    case 'oldest':
      return vscode.l10n.t('Oldest first');
    case 'quality':
      return vscode.l10n.t('Accuracy (loss where there is none), the best first');
    case 'ratio':
      return vscode.l10n.t('Compression, the smallest students first');
    case 'name':
      return vscode.l10n.t('Name');
  }
}

function groupingLabel(grouping: Grouping): string {
  switch (grouping) {
    case 'experiment':
      return vscode.l10n.t('Experiment');
    case 'state':
      return vscode.l10n.t('State');
    case 'star':
      return vscode.l10n.t('Starred');
    case 'none':
      return vscode.l10n.t('Nothing: one list');
  }
}
