import './jitlessSchemas.ts';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { messageOf } from '../errors.ts';
import type { CommandServices } from './commandTable.ts';
import { ModelSizes } from './models/modelSizes.ts';
import type { Command } from './explorer/runCommands.ts';
import { ArrangementStore } from './explorer/arrangementStore.ts';
import { COMPARISON_TYPE, Comparisons } from './explorer/comparisons.ts';
import { RequirementTests } from './requirements/requirementTests.ts';
import { registerExperimentLanguage } from './language/registerLanguage.ts';
import { panelTabs } from './panel/panelTabs.ts';
import { PANEL_TYPE, Panels } from './panel/panels.ts';
import { QueueWork } from './queue/queueWork.ts';
import { announceEnd } from './runs/announceEnd.ts';
import { Runs } from './runs/runSupervisor.ts';
import { warnOfSilence } from './runs/warnOfSilence.ts';
import { resumeSearch } from './search/resumeSearch.ts';
import { announceSearchEnd } from './search/announceSearchEnd.ts';
import { Searches } from './search/searches.ts';
import { SEARCH_PAGE_TYPE, SearchPages } from './search/searchPages.ts';
import { settings } from './settings.ts';
import { ExperimentsTree } from './views/experimentsTree.ts';
import { folderTabs } from './views/folderTabs.ts';
import { KeptTabs } from './views/keptTabs.ts';
import { ModelsTree } from './views/modelsTree.ts';
import { QueueTree } from './views/queueTree.ts';
import { RunStatusBar } from './views/runStatusBar.ts';
import { showArrangement } from './views/showArrangement.ts';
import { watchExperimentFiles, watchModels, watchQueue, watchRunFolders, watchSearches } from './watchFiles.ts';

/** Times in the view are relative and grow old. */
const REDRAW_MS = 60_000;

/** What of Distillery is open in a window. */
export interface Workbench {
  /** What each command does, loaded when the first is called. */
  readonly commands: () => Promise<Readonly<Record<string, Command>>>;
}

/**
 * Shows the views, brings back the tabs and stands by the runs and searches of the open folders. Nothing is waited for here: the views say that
 * they are loading until the runs are listed.
 */
export function openWorkbench(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Workbench {
  const logError = (error: unknown): void => {
    log.error(error instanceof Error ? error : messageOf(error));
  };
  const runsChanged = new vscode.EventEmitter<void>();
  const trainerProgram = join(context.extensionPath, 'dist', 'trainer.mjs');
  const runs = new Runs({
    trainerProgram,
    ...settings,
    onChange: () => {
      redrawRuns();
      runsChanged.fire();
    },
    onEnd: (run) => {
      if (!panels.isRunVisible(run.folder)) announceEnd(run, () => panels.openRun(run.folder)).catch(logError);
    },
    onSilent: (run) => {
      warnOfSilence(run, () => runs.stop(run.folder)).catch(logError);
    },
    onRefused: (folder, problems) => {
      panels.refuse(folder, problems);
      queueWork?.refuse(folder, problems);
    },
    onError: logError,
  });
  const panels = new Panels(
    { extensionUri: context.extensionUri, runs, trainerProgram, log },
    new KeptTabs(context.workspaceState, panelTabs),
  );
  const searches = new Searches({
    trainerProgram,
    language: settings.language,
    device: settings.device,
    onChange: () => {
      tree.refresh();
      searchPages.look();
      runsChanged.fire();
    },
    onEnd: (search) => {
      announceSearchEnd(search, () => {
        searchPages.open(search);
      }).catch(logError);
    },
    onError: logError,
  });
  const searchPages = new SearchPages(
    {
      extensionUri: context.extensionUri,
      isStopping: (folder) => searches.isStopping(folder),
      stop: (folder) => searches.stop(folder),
      resume: (folder) => resumeSearch(searches, folder),
      openRun: (folder) => panels.openRun(folder),
      logError,
    },
    new KeptTabs(context.workspaceState, folderTabs('distillery.searchTabs')),
  );
  const comparisons = new Comparisons(
    context.extensionUri,
    new KeptTabs(context.workspaceState, folderTabs('distillery.comparisonTabs')),
  );
  const arrangement = new ArrangementStore(context.workspaceState, () => {
    redrawRuns();
  });
  let listed = (): void => undefined;
  const isListed = new Promise<void>((resolve) => {
    listed = resolve;
  });
  const tree = new ExperimentsTree(runs, searches, () => arrangement.current, isListed);
  const view = vscode.window.createTreeView('distillery.experiments', {
    treeDataProvider: tree,
    showCollapseAll: true,
    canSelectMany: true,
  });
  const statusBar = new RunStatusBar(runs);
  const models = new ModelsTree(runs, new ModelSizes(context.extensionPath));
  const queueTree = new QueueTree(firstFolder);
  const queueView = vscode.window.createTreeView('distillery.queue', {
    treeDataProvider: queueTree,
    dragAndDropController: queueTree,
    canSelectMany: true,
  });
  const workspaceFolder = firstFolder();
  const queueWork =
    workspaceFolder === undefined
      ? undefined
      : new QueueWork({ workspaceFolder, runs, searches, mayRun: () => vscode.workspace.isTrusted, onError: logError });
  const redrawRuns = (): void => {
    tree.refresh();
    models.refresh();
    statusBar.refresh();
    showArrangement(view, runs, arrangement.current);
  };
  const redrawQueue = (): void => {
    queueTree.refresh();
    queueWork?.wake();
  };
  const redraw = setInterval(() => {
    if (view.visible) tree.refresh();
    // Whoever worked the queue off elsewhere may be gone.
    queueWork?.wake();
  }, REDRAW_MS);
  let runWatch = watchRunFolders(runs, workspaceFolders(), logError);
  const list = async (): Promise<void> => {
    runWatch.dispose();
    runWatch = watchRunFolders(runs, workspaceFolders(), logError);
    const files = tree.refreshFiles();
    const found = searches.refresh(workspaceFolders());
    // The view is drawn when it is known what stands in it: drawn twice, a menu that was opened meanwhile would lose its run.
    const draw = (): void => void Promise.allSettled([files, found]).then(listed);
    await Promise.all([runs.refresh(workspaceFolders(), draw), files, found]);
    listed();
    await vscode.commands.executeCommand('setContext', 'distillery.isListed', true);
    redrawRuns();
    queueWork?.wake();
  };
  const onDidChangeRuns = runsChanged.event;
  const language = registerExperimentLanguage({ runs, searches, trainerProgram, log, onDidChangeRuns });
  context.subscriptions.push(
    runsChanged,
    runs,
    searches,
    tree,
    view,
    statusBar,
    models,
    queueTree,
    queueView,
    vscode.window.registerTreeDataProvider('distillery.models', models),
    new vscode.Disposable(() => {
      clearInterval(redraw);
      runWatch.dispose();
      queueWork?.dispose();
    }),
    language.registration,
    vscode.window.registerWebviewPanelSerializer(PANEL_TYPE, panels),
    vscode.window.registerWebviewPanelSerializer(SEARCH_PAGE_TYPE, searchPages),
    vscode.window.registerWebviewPanelSerializer(COMPARISON_TYPE, comparisons),
    new RequirementTests(runs, logError),
    watchExperimentFiles(() => {
      tree.refreshFiles().catch(logError);
    }),
    watchModels(() => {
      models.refreshFiles();
    }),
    watchSearches(() => {
      searches.refreshSoon();
    }),
    watchQueue(redrawQueue),
    vscode.workspace.onDidGrantWorkspaceTrust(redrawQueue),
    vscode.workspace.onDidChangeWorkspaceFolders(() => {
      list().catch(logError);
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('distillery.runFolder')) list().catch(logError);
    }),
  );
  list().catch(logError);
  const services: CommandServices = {
    extensionUri: context.extensionUri,
    panels,
    runs,
    searches,
    searchPages,
    comparisons,
    queue: { runs, workspaceFolder: firstFolder, onChange: redrawQueue },
    tree,
    arrangement,
    facts: language.facts,
    diagnostics: language.diagnostics,
    log,
  };
  let commands: Promise<Readonly<Record<string, Command>>> | undefined;
  return {
    commands: () => (commands ??= import('./commandTable.ts').then(({ commandTable }) => commandTable(services))),
  };
}

function workspaceFolders(): readonly string[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.filter((folder) => folder.uri.scheme === 'file').map((folder) => folder.uri.fsPath);
}

/** The folder whose queue is shown: with several open, the first. */
function firstFolder(): string | undefined {
  return workspaceFolders()[0];
}
