import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { messageOf } from '../../errors.ts';
import { EXPERIMENT_FILES, findExperimentFiles } from '../experiments/experimentFiles.ts';
import { nameOf } from '../experiments/drafts.ts';
import type { Runs } from '../runs/runSupervisor.ts';
import type { Requirement } from './requirementVerdict.ts';

/** What experiments require of their students, as tests: an item for each file, and one for each figure in it. */
export class RequirementTests {
  readonly #runs: Runs;
  readonly #controller = vscode.tests.createTestController('distillery.requirements', vscode.l10n.t('Distillery'));
  readonly #disposables: readonly { dispose(): unknown }[];
  readonly #onError: (error: unknown) => void;

  constructor(runs: Runs, onError: (error: unknown) => void) {
    this.#runs = runs;
    this.#onError = onError;
    const watcher = vscode.workspace.createFileSystemWatcher(EXPERIMENT_FILES);
    const read = (uri: vscode.Uri): void => {
      this.#readFile(uri).catch(onError);
    };
    this.#disposables = [
      this.#controller,
      watcher,
      watcher.onDidCreate(read),
      watcher.onDidChange(read),
      watcher.onDidDelete((uri) => {
        this.#controller.items.delete(uri.toString());
      }),
    ];
    this.#controller.resolveHandler = (item) => (item?.uri ? this.#readFile(item.uri) : this.#findFiles());
    this.#controller.refreshHandler = () => this.#findFiles();
    this.#controller.createRunProfile(
      vscode.l10n.t('Check Last Run'),
      vscode.TestRunProfileKind.Run,
      (request, token) => this.#run(request, token),
      true,
    );
    this.#findFiles().catch(onError);
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  async #findFiles(): Promise<void> {
    const files = await findExperimentFiles();
    await Promise.all(files.map(({ uri }) => this.#readFile(uri)));
  }

  async #readFile(uri: vscode.Uri): Promise<void> {
    const id = uri.toString();
    const text = await textAt(uri);
    // Most files require nothing; what reads them is loaded for those that may.
    const verdicts = text.includes('"require"') ? await import('./requirementVerdict.ts') : undefined;
    const requirements = verdicts?.requirementsIn(text) ?? [];
    if (!verdicts || requirements.length === 0) {
      this.#controller.items.delete(id);
      return;
    }
    const item =
      this.#controller.items.get(id) ?? this.#controller.createTestItem(id, vscode.workspace.asRelativePath(uri), uri);
    item.range = lineRange(Math.min(...requirements.map(({ line }) => line)));
    item.children.replace(
      requirements.map((requirement) => {
        const child = this.#controller.createTestItem(
          requirement.figure,
          verdicts.describeRequirement(requirement),
          uri,
        );
        child.range = lineRange(requirement.line);
        return child;
      }),
    );
    this.#controller.items.add(item);
  }

  async #run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    await this.#findFiles();
    const run = this.#controller.createTestRun(request);
    const wanted = request.include ?? itemsOf(this.#controller.items);
    const excluded = new Set(request.exclude ?? []);
    const files = new Map<vscode.TestItem, readonly vscode.TestItem[]>();
    for (const item of wanted) {
      const file = item.parent ?? item;
      const children = item.parent ? [...(files.get(file) ?? []), item] : itemsOf(item.children);
      files.set(
        file,
        children.filter((child) => !excluded.has(child)),
      );
    }
    try {
      for (const [file, children] of files) {
        if (!token.isCancellationRequested && !excluded.has(file)) await this.#judge(run, file, children);
      }
    } finally {
      run.end();
    }
  }

  async #judge(run: vscode.TestRun, file: vscode.TestItem, children: readonly vscode.TestItem[]): Promise<void> {
    for (const child of children) run.started(child);
    try {
      const { judgeStudent, requirementsIn } = await import('./requirementVerdict.ts');
      const { uri } = file;
      const text = uri ? await textAt(uri) : '';
      const requirements = requirementsIn(text);
      const report = uri && (await this.#lastReport(text, uri));
      if (!report) {
        const message = new vscode.TestMessage(
          vscode.l10n.t('There is no finished run of this experiment yet. Run it first.'),
        );
        for (const child of children) run.errored(child, message);
        return;
      }
      const verdicts = judgeStudent(report, requirements, vscode.l10n.t);
      for (const child of children) {
        const verdict = verdicts.find(({ figure }) => figure === child.id);
        if (verdict) run.appendOutput(`${child.label}: ${verdict.found}\r\n`, undefined, child);
        if (!verdict) run.skipped(child);
        else if (!verdict.shortfall) run.passed(child);
        else run.failed(child, shortfallMessage(child, verdict.shortfall, requirements));
      }
    } catch (error) {
      this.#onError(error);
      for (const child of children) run.errored(child, new vscode.TestMessage(messageOf(error)));
    }
  }

  /** The report of the newest run of a file that has one. */
  async #lastReport(text: string, uri: vscode.Uri) {
    const [{ fieldsOf }, { readReport }] = await Promise.all([
      import('../../experiment/incompleteText.ts'),
      import('../../launching/readReport.ts'),
    ]);
    const name = nameOf(fieldsOf(text), uri.fsPath);
    for (const { folder, status } of this.#runs.all) {
      const report = status.name === name && status.state !== 'running' ? await readReport(folder) : undefined;
      if (report) return report;
    }
    return undefined;
  }
}

function shortfallMessage(
  item: vscode.TestItem,
  { expected, actual }: { readonly expected: string; readonly actual: string },
  requirements: readonly Requirement[],
): vscode.TestMessage {
  const text = vscode.l10n.t('The student falls short: {0}, required is {1}.', actual, expected);
  const message = vscode.TestMessage.diff(text, expected, actual);
  const line = requirements.find(({ figure }) => figure === item.id)?.line;
  if (item.uri && line !== undefined) message.location = new vscode.Location(item.uri, lineRange(line));
  return message;
}

function itemsOf(collection: vscode.TestItemCollection): readonly vscode.TestItem[] {
  return [...collection].map(([, item]) => item);
}

function lineRange(line: number): vscode.Range {
  return new vscode.Range(line - 1, 0, line - 1, 0);
}

/** What an editor has of the file, or else the disk; nothing where it is gone. */
async function textAt(uri: vscode.Uri): Promise<string> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open) return open.getText();
  return readFile(uri.fsPath, 'utf8').catch(() => '');
}
