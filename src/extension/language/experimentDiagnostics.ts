import * as vscode from 'vscode';
import type { EditorProblem } from './diagnose.ts';
import { baseDirectoryOf, isExperiment } from './experimentLanguage.ts';
import type { ExperimentFactsStore } from './factsStore.ts';

/** How long nothing may be typed before the text is judged. */
const PAUSE_MS = 250;

interface Judged {
  readonly version: number;
  readonly problems: readonly EditorProblem[];
  readonly diagnostics: readonly vscode.Diagnostic[];
}

/** Shows what is wrong with open experiment files, and offers to mend it. */
export class ExperimentDiagnostics implements vscode.CodeActionProvider {
  readonly #collection = vscode.languages.createDiagnosticCollection('distillery');
  readonly #facts: ExperimentFactsStore;
  readonly #onError: (error: unknown) => void;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #judged = new Map<string, Judged>();
  readonly #disposables: readonly { dispose(): unknown }[];

  constructor(facts: ExperimentFactsStore, onError: (error: unknown) => void) {
    this.#facts = facts;
    this.#onError = onError;
    this.#disposables = [
      this.#collection,
      vscode.workspace.onDidOpenTextDocument((document) => {
        this.#soon(document, 0);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        this.#soon(document, PAUSE_MS);
      }),
      vscode.workspace.onDidSaveTextDocument((document) => {
        if (isExperiment(document)) this.checkWithData(document).catch(onError);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        this.#forget(document);
      }),
      facts.onDidChange((uri) => {
        const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
        if (document) this.#soon(document, 0);
      }),
    ];
    for (const document of vscode.workspace.textDocuments) this.#soon(document, 0);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** Whether nothing is known to be wrong with a document as it stands. */
  async isSound(document: vscode.TextDocument): Promise<boolean> {
    await this.#judge(document);
    return this.#hasNoErrors(document);
  }

  /**
   * Judges a document, and opens its models and data as well when nothing is known to be wrong with them.
   * @returns whether nothing is wrong
   */
  async checkWithData(document: vscode.TextDocument, isAgain = false): Promise<boolean> {
    await this.#judge(document);
    const isAboutData = ({ problem }: EditorProblem): boolean =>
      !/^(?:training|report|export|require)\b/.test(problem.where);
    const known = this.#judged.get(document.uri.toString())?.problems ?? [];
    if (!known.some((found) => found.severity === 'error' && isAboutData(found)) || isAgain) {
      await this.#facts.look(document, isAgain);
      await this.#judge(document);
    }
    return this.#hasNoErrors(document);
  }

  async provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics, only }: vscode.CodeActionContext,
  ): Promise<vscode.CodeAction[]> {
    const judged = this.#judged.get(document.uri.toString());
    if (!judged || judged.version !== document.version) return [];
    const { mendAll, quickFixes } = await import('./quickFixes.ts');
    const text = document.getText();
    if (only?.contains(vscode.CodeActionKind.SourceFixAll) === true) {
      const mended = mendAll(text, judged.problems);
      if (mended === text) return [];
      const action = new vscode.CodeAction(vscode.l10n.t('Mend What Is Clear'), vscode.CodeActionKind.SourceFixAll);
      action.edit = replacing(document, { offset: 0, length: text.length, content: mended });
      return [action];
    }
    return judged.problems.flatMap((found, index) => {
      const diagnostic = judged.diagnostics[index];
      if (!diagnostic || !diagnostics.some((wanted) => isSame(wanted, diagnostic))) return [];
      if (found.problem.where === UNSAVED) return [saveUnder(diagnostic)];
      return quickFixes(text, found, vscode.l10n.t).map(({ title, edits, isPreferred }) => {
        const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
        action.edit = replacing(document, ...edits);
        action.diagnostics = [diagnostic];
        action.isPreferred = isPreferred;
        return action;
      });
    });
  }

  #hasNoErrors(document: vscode.TextDocument): boolean {
    const problems = this.#judged.get(document.uri.toString())?.problems ?? [];
    return !problems.some(({ severity }) => severity === 'error');
  }

  #soon(document: vscode.TextDocument, pauseMs: number): void {
    if (!isExperiment(document)) return;
    const uri = document.uri.toString();
    clearTimeout(this.#timers.get(uri));
    this.#timers.set(
      uri,
      setTimeout(() => {
        this.#timers.delete(uri);
        this.#judge(document).catch(this.#onError);
      }, pauseMs),
    );
  }

  async #judge(document: vscode.TextDocument): Promise<void> {
    const { version } = document;
    const baseDirectory = baseDirectoryOf(document);
    const text = document.getText();
    const { diagnose, placed } = await import('./diagnose.ts');
    const bySchema = await diagnose(text, { baseDirectory: baseDirectory ?? '', translate: vscode.l10n.t });
    if (document.isClosed || document.version !== version) return;
    const known = new Set(bySchema.map(({ problem }) => problem.where));
    const problems = [
      ...bySchema,
      ...(document.isUntitled ? [unsaved()] : []),
      ...placed(text, this.#facts.refusalOf(document), 'error').filter(({ problem }) => !known.has(problem.where)),
      ...placed(text, warningsOf(this.#facts, document), 'warning'),
    ];
    const diagnostics = problems.map((found) => diagnosticOf(document, found));
    this.#judged.set(document.uri.toString(), { version, problems, diagnostics });
    this.#collection.set(document.uri, diagnostics);
  }

  #forget(document: vscode.TextDocument): void {
    const uri = document.uri.toString();
    clearTimeout(this.#timers.get(uri));
    this.#timers.delete(uri);
    this.#judged.delete(uri);
    this.#facts.forget(document);
    this.#collection.delete(document.uri);
  }
}

/** Stands for the file itself, which has no place yet. */
const UNSAVED = '(file)';

function unsaved(): EditorProblem {
  const message = vscode.l10n.t('The file is not saved yet; its paths start from the folder that it is saved in.');
  return {
    problem: { where: UNSAVED, message },
    stretch: { offset: 0, length: 1 },
    severity: 'information',
    path: [],
    fixes: [],
  };
}

function saveUnder(diagnostic: vscode.Diagnostic): vscode.CodeAction {
  const action = new vscode.CodeAction(vscode.l10n.t('Save as an Experiment …'), vscode.CodeActionKind.QuickFix);
  action.command = { command: 'workbench.action.files.saveAs', title: action.title };
  action.diagnostics = [diagnostic];
  action.isPreferred = true;
  return action;
}

function warningsOf(facts: ExperimentFactsStore, document: vscode.TextDocument) {
  const found = facts.of(document);
  return [
    ...(found?.teacher?.warnings ?? []).map((message) => ({ where: 'teacher.model', message })),
    ...(found?.data.findings ?? [])
      .filter(({ severity }) => severity === 'warning')
      .map(({ where, sentence }) => ({ where, message: sentence })),
  ];
}

function diagnosticOf(document: vscode.TextDocument, { problem, stretch, severity }: EditorProblem): vscode.Diagnostic {
  const { where, message, hint } = problem;
  const range = new vscode.Range(
    document.positionAt(stretch.offset),
    document.positionAt(stretch.offset + stretch.length),
  );
  const text = hint === undefined ? message : `${message}\n${hint}`;
  // A sentence of its own needs no field before it.
  const isSentence = where === UNSAVED || /^[A-Z]/.test(message);
  const diagnostic = new vscode.Diagnostic(range, isSentence ? text : `${where}: ${text}`, severityOf(severity));
  diagnostic.source = 'distillery';
  return diagnostic;
}

function severityOf(severity: EditorProblem['severity']): vscode.DiagnosticSeverity {
  switch (severity) {
    case 'error':
      return vscode.DiagnosticSeverity.Error;
    case 'warning':
      return vscode.DiagnosticSeverity.Warning;
    case 'information':
      return vscode.DiagnosticSeverity.Information;
  }
}

function isSame(a: vscode.Diagnostic, b: vscode.Diagnostic): boolean {
  return a.message === b.message && a.range.isEqual(b.range);
}

function replacing(
  document: vscode.TextDocument,
  ...edits: readonly { readonly offset: number; readonly length: number; readonly content: string }[]
): vscode.WorkspaceEdit {
  const all = new vscode.WorkspaceEdit();
  for (const { offset, length, content } of edits) {
    const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
    all.replace(document.uri, range, content);
  }
  return all;
}
