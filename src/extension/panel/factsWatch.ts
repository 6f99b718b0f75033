import * as vscode from 'vscode';
import type { Problem } from '../../errors.ts';
import type { ExperimentFacts, FactsAnswer } from '../../protocol/experimentFacts.ts';
import type { ExperimentDraft, HostMessage, PanelState } from '../../protocol/panel.ts';
import { FactsProcess } from '../experiments/factsProcess.ts';
import { ExperimentWatch, surroundingsOf } from './experimentWatch.ts';
import { logError } from '../logError.ts';

/** Tells a panel what its experiment is about, once it can be opened: then one sees what one chose before anything is started. */
export class FactsWatch {
  readonly #watch: ExperimentWatch;
  readonly #process: FactsProcess;
  readonly #post: (message: HostMessage) => void;
  #isDisposed = false;
  /** What was found last of a teacher and data. */
  #found: { readonly surroundings: string; readonly facts: ExperimentFacts } | undefined;

  constructor(trainerProgram: string, log: vscode.LogOutputChannel, post: (message: HostMessage) => void) {
    this.#post = post;
    this.#process = new FactsProcess(trainerProgram);
    this.#watch = new ExperimentWatch({
      ask: ({ draft, baseDirectory }, signal) => this.#process.ask(draft, baseDirectory, signal),
      onAnswer: (answer, draft) => {
        const surroundings = surroundingsOf(draft);
        if (answer?.kind === 'found') this.#found = { surroundings, facts: answer.facts };
        post({
          kind: 'facts',
          answer: answer?.kind === 'refused' ? this.#refusal(answer.problems, surroundings) : answer,
        });
      },
      onError: (error) => {
        logError(log, error);
      },
    });
  }

  /** Looks into a draft. @param problems what is known to be wrong with it */
  look(state: PanelState, problems: readonly Problem[]): void {
    // What is still being done for a tab when it is closed starts no process.
    if (this.#isDisposed) return;
    if (vscode.workspace.isTrusted && isTeacherAlone(state.draft, problems)) {
      this.#watch.look(state);
      return;
    }
    const about = problems.filter(({ where }) => /^(?:teacher|dataset|student|experiment)\b/.test(where));
    if (vscode.workspace.isTrusted && about.length === 0) {
      // Half a number is typed: what was found before stays until it is whole.
      if (!problems.some(({ where }) => /^(?:training|baseline|repeats|folds)\b/.test(where))) this.#watch.look(state);
      return;
    }
    this.#watch.forget();
    // Where it is wrong is said at the fields.
    const isStudentAlone = vscode.workspace.isTrusted && about.every(isOfStudent);
    const answer: FactsAnswer = isStudentAlone
      ? this.#refusal([], surroundingsOf(state))
      : { kind: 'refused', problems: [] };
    this.#post({ kind: 'facts', answer });
  }

  /** Looks anew, for a page that was just loaded. */
  restart(state: PanelState, problems: readonly Problem[]): void {
    this.#watch.forget();
    // What is known of them already, until it is confirmed.
    if (this.#found?.surroundings === surroundingsOf(state)) {
      this.#post({ kind: 'facts', answer: { kind: 'found', facts: this.#found.facts } });
    }
    this.look(state, problems);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#watch.dispose();
    this.#process.dispose();
  }

  /** What is known of teacher and data stays where the student alone is wrong. */
  #refusal(problems: readonly Problem[], surroundings: string): FactsAnswer {
    if (this.#found?.surroundings !== surroundings || !problems.every(isOfStudent))
      return { kind: 'refused', problems };
    return { kind: 'found', facts: { ...this.#found.facts, student: null, foreseen: null }, problems };
  }
}

/** Whether a teacher is chosen and nothing of the data: what it is can be told already. */
function isTeacherAlone({ teacher, dataset }: ExperimentDraft, problems: readonly Problem[]): boolean {
  const isChosen = typeof teacher === 'object' && teacher !== null && 'model' in teacher && teacher.model !== '';
  const isOpen = typeof dataset === 'object' && dataset !== null && 'path' in dataset && dataset.path === '';
  return isChosen && isOpen && !problems.some(({ where }) => /^teacher\b/.test(where));
}

function isOfStudent({ where }: Problem): boolean {
  return /^student\b/.test(where);
}
