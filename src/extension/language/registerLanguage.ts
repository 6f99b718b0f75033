import * as vscode from 'vscode';
import { logError } from '../logError.ts';
import type { Runs } from '../runs/runSupervisor.ts';
import type { Searches } from '../search/searches.ts';
import { ExperimentDiagnostics } from './experimentDiagnostics.ts';
import { ExperimentLenses } from './experimentLenses.ts';
import { EXPERIMENT_SELECTOR } from './experimentLanguage.ts';
import { ExperimentFactsStore } from './factsStore.ts';
import type { LanguageFeatures } from './languageFeatures.ts';

export interface LanguageServices {
  readonly runs: Runs;
  readonly searches: Pick<Searches, 'all'>;
  /** Path of the bundled child process, which opens models and data. */
  readonly trainerProgram: string;
  readonly log: vscode.LogOutputChannel;
  /** Fires when runs began, went on or ended. */
  readonly onDidChangeRuns: vscode.Event<void>;
}

/** What the editor knows of experiment files. */
export interface ExperimentLanguage {
  readonly facts: ExperimentFactsStore;
  readonly diagnostics: ExperimentDiagnostics;
  readonly registration: vscode.Disposable;
}

/** What is typed after which completions are asked for. */
const TRIGGERS = ['"', ':', ' ', '/'];

/** Registers what the editor knows of experiment files. What it takes is loaded when it is first asked for. */
export function registerExperimentLanguage(services: LanguageServices): ExperimentLanguage {
  const { runs, searches, trainerProgram, log, onDidChangeRuns } = services;
  const onError = (error: unknown): void => {
    logError(log, error);
  };
  const facts = new ExperimentFactsStore(trainerProgram, onError);
  const diagnostics = new ExperimentDiagnostics(facts, onError);
  let loading: Promise<LanguageFeatures> | undefined;
  const features = (): Promise<LanguageFeatures> =>
    (loading ??= import('./languageFeatures.ts').then(
      (module) => new module.LanguageFeatures({ facts, trainerProgram, log }),
    ));
  const lenses = new ExperimentLenses({ runs, searches, facts, onDidChangeRuns });
  const registration = vscode.Disposable.from(
    facts,
    diagnostics,
    lenses,
    vscode.languages.registerCompletionItemProvider(
      EXPERIMENT_SELECTOR,
      { provideCompletionItems: async (document, position) => (await features()).complete(document, position) },
      ...TRIGGERS,
    ),
    vscode.languages.registerHoverProvider(EXPERIMENT_SELECTOR, {
      provideHover: async (document, position) => (await features()).hover(document, position),
    }),
    vscode.languages.registerDocumentSymbolProvider(EXPERIMENT_SELECTOR, {
      provideDocumentSymbols: async (document) => (await features()).outline(document),
    }),
    vscode.languages.registerFoldingRangeProvider(EXPERIMENT_SELECTOR, {
      provideFoldingRanges: async (document) => (await features()).folds(document),
    }),
    vscode.languages.registerDocumentLinkProvider(EXPERIMENT_SELECTOR, {
      provideDocumentLinks: async (document) => (await features()).links(document),
    }),
    vscode.languages.registerDocumentFormattingEditProvider(EXPERIMENT_SELECTOR, {
      provideDocumentFormattingEdits: async (document, options) => (await features()).format(document, options),
    }),
    vscode.languages.registerCodeActionsProvider(EXPERIMENT_SELECTOR, diagnostics, {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, vscode.CodeActionKind.SourceFixAll],
    }),
    vscode.languages.registerCodeLensProvider(EXPERIMENT_SELECTOR, lenses),
  );
  return { facts, diagnostics, registration };
}
