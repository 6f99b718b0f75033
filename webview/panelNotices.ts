import type { Problem } from '../src/errors.ts';
import type { HostMessage, WorkspaceHindrance } from '../src/protocol/panel.ts';
import { element } from './dom.ts';
import { t } from './l10n.ts';
import { problemList } from './problemList.ts';
import { keepUi, uiState } from './vscodeApi.ts';
import { workspaceNotice } from './workspaceNotice.ts';

export interface PanelNoticesOptions {
  /** Whether a problem is about a field of the form. */
  readonly isAbout: (where: string) => boolean;
  /** What the field is called that a problem is about; undefined where it is about none. */
  readonly labelOf: (where: string) => string | undefined;
  /** Leads to the field that a problem is about. */
  readonly onChoose: (where: string) => void;
}

/** What keeps the experiment from being run: problems with it, those that only a try brought up, and the workspace; told above everything else. */
export class PanelNotices {
  readonly element = element('div', { class: 'notices' });
  readonly #options: PanelNoticesOptions;
  #problems: readonly Problem[];
  /** Problems that only a try to run brought up: shown until the next edit or try. */
  #refusal: readonly Problem[] = [];
  #hindrance: WorkspaceHindrance | null;

  constructor({ problems, hindrance, isSaved }: Extract<HostMessage, { kind: 'init' }>, options: PanelNoticesOptions) {
    this.#problems = problems;
    this.#hindrance = hindrance;
    this.#options = options;
    if (isSaved) keepUi({ showsAllProblems: true });
  }

  /** Whether the workspace is one that something can be started in. */
  get mayStart(): boolean {
    return this.#hindrance === null;
  }

  /** The problems that are shown, here and at their fields. */
  get shown(): readonly Problem[] {
    return this.#refusal.length > 0 ? this.#refusal : this.#problems;
  }

  setProblems(problems: readonly Problem[]): void {
    this.#problems = problems;
  }

  setHindrance(hindrance: WorkspaceHindrance | null): void {
    this.#hindrance = hindrance;
  }

  /** What a try to run was refused for; nothing where there was another edit or try. */
  setRefusal(problems: readonly Problem[]): void {
    this.#refusal = problems;
  }

  /** Leads those who work by keyboard to what is wrong. */
  focusProblems(): void {
    this.element.querySelector<HTMLElement>('.problems')?.focus();
  }

  /** @param mayMend whether the form is in sight and can be changed: what came of a run is looked at without what keeps it from being run again */
  show(mayMend: boolean): void {
    const isListed = mayMend && this.shown.length > 0 && uiState().showsAllProblems;
    this.element.replaceChildren(
      ...(this.#hindrance === null ? [] : [workspaceNotice(this.#hindrance)]),
      ...(isListed ? [this.#list()] : []),
    );
  }

  /** The problems, each with a way to its field. */
  #list(): HTMLElement {
    const { isAbout, labelOf, onChoose } = this.#options;
    return problemList({
      severity: 'error',
      problems: this.shown,
      title: this.shown.some(({ where }) => isAbout(where))
        ? t('Before this can run, please put right:')
        : t('The run could not be started:'),
      onChoose,
      labelOf,
      isCopied: true,
    });
  }
}
