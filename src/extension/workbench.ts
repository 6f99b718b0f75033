import './jitlessSchemas.ts';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { CommandServices } from './commandTable.ts';
import type { Command } from './explorer/runCommands.ts';
import { COMPARISON_TYPE, Comparisons } from './explorer/comparisons.ts';
import { logError } from './logError.ts';
import { RequirementTests } from './requirements/requirementTests.ts';
import { registerExperimentLanguage } from './language/registerLanguage.ts';
import { panelTabs } from './panel/panelTabs.ts';
import { PANEL_TYPE, Panels } from './panel/panels.ts';
import { openQueue, type OpenQueue } from './queue/openQueue.ts';
import { announceEnd } from './runs/announceEnd.ts';
import { REPORT_TYPE, Reports } from './runs/reports.ts';
import { Runs } from './runs/runSupervisor.ts';
import { warnOfSilence } from './runs/warnOfSilence.ts';
import { resumeSearch } from './search/resumeSearch.ts';
import { announceSearchEnd } from './search/announceSearchEnd.ts';
import { Searches } from './search/searches.ts';
import { SEARCH_PAGE_TYPE, SearchPages } from './search/searchPages.ts';
import { settings } from './settings.ts';
import { folderTabs } from './views/folderTabs.ts';
import { KeptTabs } from './views/keptTabs.ts';
import { RunViews } from './views/runViews.ts';
import { watchExperimentFiles, watchModels, watchRunFolders, watchSearches } from './watchFiles.ts';
import { firstFolder, workspaceFolders } from './workspaceFolders.ts';

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
  const onError = (error: unknown): void => {
    logError(log, error);
  };
  const runsChanged = new vscode.EventEmitter<void>();
  const trainerProgram = join(context.extensionPath, 'dist', 'trainer.mjs');
  const runs = new Runs({
    trainerProgram,
    ...settings,
    onChange: () => {
      views.redraw();
      runsChanged.fire();
    },
    onEnd: (run) => {
      if (!panels.isRunVisible(run.folder)) announceEnd(run, () => panels.openRun(run.folder)).catch(onError);
    },
    onSilent: (run) => {
      warnOfSilence(run, () => runs.stop(run.folder)).catch(onError);
    },
    onRefused: (folder, problems) => {
      panels.refuse(folder, problems);
      queue.refuse(folder, problems);
    },
    onError,
  });
  const reports = new Reports(
    context.extensionUri,
    new KeptTabs(context.workspaceState, folderTabs('distillery.reportTabs')),
    runs,
  );
  const panels = new Panels(
    { extensionUri: context.extensionUri, runs, reports, trainerProgram, log },
    new KeptTabs(context.workspaceState, panelTabs),
  );
  const searches = new Searches({
    trainerProgram,
    language: settings.language,
    device: settings.device,
    onChange: () => {
      views.tree.refresh();
      searchPages.look();
      runsChanged.fire();
    },
    onEnd: (search) => {
      announceSearchEnd(search, () => {
        searchPages.open(search);
      }).catch(onError);
    },
    onError,
  });
  const searchPages = new SearchPages(
    {
      extensionUri: context.extensionUri,
      isStopping: (folder) => searches.isStopping(folder),
      stop: (folder) => searches.stop(folder),
      resume: (folder) => resumeSearch(searches, folder),
      openRun: (folder) => panels.openRun(folder),
      logError: onError,
    },
    new KeptTabs(context.workspaceState, folderTabs('distillery.searchTabs')),
  );
  const comparisons = new Comparisons(
    context.extensionUri,
    new KeptTabs(context.workspaceState, folderTabs('distillery.comparisonTabs')),
  );
  const views = new RunViews(context, runs, searches);
  const queue = openQueue({ runs, searches, onError });
  const onDidChangeRuns = runsChanged.event;
  const language = registerExperimentLanguage({ runs, searches, trainerProgram, log, onDidChangeRuns });
  context.subscriptions.push(
    runsChanged,
    runs,
    searches,
    views,
    queue,
    language.registration,
    vscode.window.registerWebviewPanelSerializer(PANEL_TYPE, panels),
    vscode.window.registerWebviewPanelSerializer(SEARCH_PAGE_TYPE, searchPages),
    vscode.window.registerWebviewPanelSerializer(COMPARISON_TYPE, comparisons.tabs),
    vscode.window.registerWebviewPanelSerializer(REPORT_TYPE, reports.tabs),
    new RequirementTests(runs, onError),
    keepListed({ runs, searches, views, queue, onError }),
  );
  const services: CommandServices = {
    extensionUri: context.extensionUri,
    panels,
    runs,
    reports,
    searches,
    searchPages,
    comparisons,
    queue: { runs, workspaceFolder: firstFolder, onChange: queue.redraw },
    tree: views.tree,
    arrangement: views.arrangement,
    selected: (view) => views.selected(view),
    selectedInQueue: queue.selected,
    facts: language.facts,
    diagnostics: language.diagnostics,
    log,
  };
  let commands: Promise<Readonly<Record<string, Command>>> | undefined;
  return {
    commands: () => (commands ??= import('./commandTable.ts').then(({ commandTable }) => commandTable(services))),
  };
}

interface Listed {
  readonly runs: Runs;
  readonly searches: Searches;
  readonly views: RunViews;
  readonly queue: OpenQueue;
  readonly onError: (error: unknown) => void;
}

/** Lists runs, searches and files of the open folders, now and whenever they change. */
function keepListed({ runs, searches, views, queue, onError }: Listed): vscode.Disposable {
  let runWatch = watchRunFolders(runs, workspaceFolders(), onError);
  const list = async (): Promise<void> => {
    runWatch.dispose();
    runWatch = watchRunFolders(runs, workspaceFolders(), onError);
    const files = views.tree.refreshFiles();
    const found = searches.refresh(workspaceFolders());
    // The view is drawn when it is known what stands in it: drawn twice, a menu that was opened meanwhile would lose its run.
    const draw = (): void =>
      void Promise.allSettled([files, found]).then(() => {
        views.noteListed();
      });
    await Promise.all([runs.refresh(workspaceFolders(), draw), files, found]);
    views.noteListed();
    await vscode.commands.executeCommand('setContext', 'distillery.isListed', true);
    views.redraw();
    queue.wake();
  };
  const listAgain = (): void => {
    list().catch(onError);
  };
  const redraw = setInterval(() => {
    views.redrawTimes();
    // Whoever worked the queue off elsewhere may be gone.
    queue.wake();
  }, REDRAW_MS);
  listAgain();
  return vscode.Disposable.from(
    watchExperimentFiles(() => {
      views.tree.refreshFiles().catch(onError);
    }),
    watchModels(() => {
      views.models.refreshFiles();
    }),
    watchSearches(() => {
      searches.refreshSoon();
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(listAgain),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('distillery.runFolder')) listAgain();
    }),
    new vscode.Disposable(() => {
      clearInterval(redraw);
      runWatch.dispose();
    }),
  );
}
