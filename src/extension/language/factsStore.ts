import * as vscode from 'vscode';
import type { Problem } from '../../errors.ts';
import { fieldsOf } from '../../experiment/incompleteText.ts';
import type { ExperimentFacts, FactsAnswer } from '../../protocol/experimentFacts.ts';
import { baseDirectoryOf } from './experimentLanguage.ts';

interface Kept {
  /** What the answer is about. */
  readonly key: string;
  readonly answer: FactsAnswer;
}

/** What was found out about experiments by opening their models and data, which a child process does when a file is saved. */
export class ExperimentFactsStore {
  readonly #trainerProgram: string;
  readonly #onError: (error: unknown) => void;
  readonly #kept = new Map<string, Kept>();
  readonly #asked = new Map<string, string>();
  readonly #disposed = new AbortController();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  /** Fires when something was found out about a file. */
  readonly onDidChange = this.#changed.event;

  constructor(trainerProgram: string, onError: (error: unknown) => void) {
    this.#trainerProgram = trainerProgram;
    this.#onError = onError;
  }

  dispose(): void {
    this.#disposed.abort();
    this.#changed.dispose();
  }

  /** What is known of a document as it stands; undefined when nothing is. */
  of(document: vscode.TextDocument): ExperimentFacts | undefined {
    const answer = this.#answerOf(document);
    return answer?.kind === 'found' ? answer.facts : undefined;
  }

  /** Why models and data of a document could not be opened, as it stands. */
  refusalOf(document: vscode.TextDocument): readonly Problem[] {
    const answer = this.#answerOf(document);
    return answer?.kind === 'refused' ? answer.problems : [];
  }

  /** Whether models and data of a document are being opened. */
  isLooking(document: vscode.TextDocument): boolean {
    return this.#asked.has(document.uri.toString());
  }

  /**
   * Opens models and data of a document in a child process, unless that was done already or the workspace is not trusted.
   * @param isAgain whether to look although nothing in the file changed: the data may have
   */
  async look(document: vscode.TextDocument, isAgain = false): Promise<FactsAnswer | undefined> {
    const uri = document.uri.toString();
    const baseDirectory = baseDirectoryOf(document);
    if (!vscode.workspace.isTrusted || baseDirectory === undefined) return undefined;
    const key = keyOf(document);
    if (this.#asked.get(uri) === key) return undefined;
    if (!isAgain && this.#kept.get(uri)?.key === key) return this.#kept.get(uri)?.answer;
    this.#asked.set(uri, key);
    this.#changed.fire(document.uri);
    // Several files may be asked about at once.
    const { FactsProcess } = await import('../experiments/factsProcess.ts');
    const process = new FactsProcess(this.#trainerProgram);
    try {
      const answer = await process.ask(fieldsOf(document.getText()), baseDirectory, this.#disposed.signal);
      this.#kept.set(uri, { key, answer });
      return answer;
    } catch (error) {
      if (!this.#disposed.signal.aborted) this.#onError(error);
      return undefined;
    } finally {
      process.dispose();
      // Another text may be asked about by now.
      if (this.#asked.get(uri) === key) this.#asked.delete(uri);
      this.#changed.fire(document.uri);
    }
  }

  forget(document: vscode.TextDocument): void {
    this.#kept.delete(document.uri.toString());
  }

  #answerOf(document: vscode.TextDocument): FactsAnswer | undefined {
    const kept = this.#kept.get(document.uri.toString());
    return kept && kept.key === keyOf(document) ? kept.answer : undefined;
  }
}

/** The answer depends on all but how long is trained, where, and what the report goes into. */
function keyOf(document: vscode.TextDocument): string {
  const { teacher, dataset, student, objective } = fieldsOf(document.getText());
  return JSON.stringify([teacher, dataset, student, objective]);
}
