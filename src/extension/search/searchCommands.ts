import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { BadInputError } from '../../errors.ts';
import type { StoredSearch } from '../../launching/readSearches.ts';
import { searchFiles } from '../../runFolder/searchFolder.ts';
import { discardFolders } from '../explorer/deleteRuns.ts';
import type { Command } from '../explorer/runCommands.ts';
import { nameOf } from '../experiments/drafts.ts';
import { findExperimentFiles, readDraft } from '../experiments/experimentFiles.ts';
import { workspaceFolderOf } from '../panel/workspace.ts';
import { requireTrust } from '../requireTrust.ts';
import { describeSearch } from '../views/describeSearch.ts';
import { askAtOnce } from './askAtOnce.ts';
import { resumeSearch, tellChecking, whileChecking } from './resumeSearch.ts';
import { offerSearchSection } from './offerSearchSection.ts';
import type { NewSearch, Searches } from './searches.ts';
import type { SearchPages } from './searchPages.ts';

/** The commands on searches. From the palette they ask which. */
export function searchCommands(searches: Searches, pages: SearchPages): Readonly<Record<string, Command>> {
  const t = vscode.l10n.t;
  const one =
    (title: string, isFit: (search: StoredSearch) => boolean, work: (search: StoredSearch) => unknown): Command =>
    async (target) => {
      const search = await chooseSearch(searches, title, isFit, target);
      if (search) await work(search);
    };
  return {
    'distillery.searchExperiment': async (target) => {
      requireTrust();
      const file = fileOf(target) ?? (await chooseFile());
      if (file) await searchFile(file, searches, pages);
    },
    'distillery.openSearch': one(
      t('Open Search'),
      () => true,
      (search) => {
        pages.open(search);
      },
    ),
    'distillery.stopSearch': one(t('Stop Search'), isRunning, ({ folder }) => searches.stop(folder)),
    'distillery.resumeSearch': one(t('Resume Search'), isResumable, async (search) => {
      await resumeSearch(searches, search.folder);
      pages.open(search);
    }),
    'distillery.revealSearch': one(
      t('Reveal Search in Explorer'),
      () => true,
      ({ folder }) =>
        vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(join(folder, searchFiles.page))),
    ),
    'distillery.deleteSearch': one(
      t('Delete Search'),
      () => true,
      (search) => deleteSearch(searches, search),
    ),
  };
}

async function searchFile(file: vscode.Uri, searches: Searches, pages: SearchPages): Promise<void> {
  const document = await vscode.workspace.openTextDocument(file);
  if (!(await document.save())) return;
  const experiment = await readDraft(file.fsPath);
  if (!('search' in experiment)) {
    await offerSearchSection(document);
    return;
  }
  const baseDirectory = dirname(file.fsPath);
  const { findProblems } = await import('../experiments/findProblems.ts');
  const problems = await findProblems(experiment, baseDirectory, vscode.l10n.t);
  if (problems.length > 0) {
    await vscode.window.showTextDocument(document);
    throw new BadInputError(problems);
  }
  const name = nameOf(experiment, file.fsPath) ?? 'search';
  const workspaceFolder = workspaceFolderOf(baseDirectory) ?? baseDirectory;
  const asked: NewSearch = { experiment: { ...experiment, name }, name, baseDirectory, workspaceFolder, atOnce: 1 };
  const same = await searches.findSame(asked);
  if (same && !(await wantsNewOne(same, searches, pages))) return;
  const atOnce = await askAtOnce();
  if (atOnce === undefined) return;
  const { folder, isUnderWay } = await whileChecking(() => searches.start({ ...asked, atOnce }));
  if (isUnderWay) pages.open({ folder, name });
  else tellChecking();
}

/** Whether another search is to begin beside one of the same experiment. If not, that one is shown, and goes on if it can. */
async function wantsNewOne(same: StoredSearch, searches: Searches, pages: SearchPages): Promise<boolean> {
  if (same.state === 'running' || same.state === 'elsewhere') {
    pages.open(same);
    return false;
  }
  const t = vscode.l10n.t;
  const goOn = isResumable(same) ? t('Resume') : t('Open');
  const anew = t('Start a New One');
  const question = isResumable(same)
    ? t('This experiment was searched before: {0} of {1} trials are done.', same.done, same.mostTrials)
    : t('This experiment was searched before, and that search is finished.');
  const answer = await vscode.window.showInformationMessage(question, { modal: true }, goOn, anew);
  if (answer === goOn) {
    if (isResumable(same)) await resumeSearch(searches, same.folder);
    pages.open(same);
  }
  return answer === anew;
}

async function deleteSearch(searches: Searches, { folder, name, state }: StoredSearch): Promise<void> {
  const move = vscode.l10n.t('Move to Trash');
  const question = vscode.l10n.t("Delete the search '{0}' with all its trials and their students?", name);
  const detail = state === 'running' ? vscode.l10n.t('It is still going on and is stopped first.') : undefined;
  const options = { modal: true, ...(detail !== undefined && { detail }) };
  if ((await vscode.window.showWarningMessage(question, options, move)) !== move) return;
  await discardFolders([folder], (path, discard) => searches.remove(path, discard));
}

async function chooseFile(): Promise<vscode.Uri | undefined> {
  const active = vscode.window.activeTextEditor?.document.uri;
  const files = await findExperimentFiles();
  if (active && files.some(({ uri }) => uri.toString() === active.toString())) return active;
  const items = files.map(({ name, uri }) => ({ label: name, description: basename(uri.fsPath), uri }));
  const title = vscode.l10n.t('Search for the Best Student');
  if (items.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There is no experiment file in this folder.'));
    return undefined;
  }
  return (await vscode.window.showQuickPick(items, { title }))?.uri;
}

async function chooseSearch(
  searches: Searches,
  title: string,
  isFit: (search: StoredSearch) => boolean,
  target: unknown,
): Promise<StoredSearch | undefined> {
  if (isSearchNode(target)) return searches.all.find(({ folder }) => folder === target.search.folder);
  const items = searches.all.filter(isFit).map((search) => ({
    label: search.name,
    description: describeSearch(search, { translate: vscode.l10n.t }).description,
    search,
  }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There is no search for this command.'));
    return undefined;
  }
  return (await vscode.window.showQuickPick(items, { title }))?.search;
}

/** Commands of view items are only ever called with the view's own nodes. */
function isSearchNode(target: unknown): target is { readonly search: StoredSearch } {
  return typeof target === 'object' && target !== null && 'kind' in target && target.kind === 'search';
}

function fileOf(target: unknown): vscode.Uri | undefined {
  if (target instanceof vscode.Uri) return target;
  if (typeof target !== 'object' || target === null || !('file' in target)) return undefined;
  return target.file instanceof vscode.Uri ? target.file : undefined;
}

function isRunning({ state }: StoredSearch): boolean {
  return state === 'running';
}

function isResumable({ state }: StoredSearch): boolean {
  return state === 'stopped' || state === 'interrupted';
}
