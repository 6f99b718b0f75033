import type { Problem } from '../src/errors.ts';
import type { ExplanationAnswer } from '../src/protocol/explanation.ts';
import type { FeatureChoices } from '../src/protocol/features.ts';
import type { OutputSizes } from '../src/protocol/outputs.ts';
import type { ExperimentDraft, HostMessage } from '../src/protocol/panel.ts';
import type { RunSnapshot } from '../src/protocol/snapshot.ts';
import { button } from './components/button.ts';
import { element, setText } from './dom.ts';
import { Form } from './form/form.ts';
import { introduction } from './introduction.ts';
import { t } from './l10n.ts';
import { problemList } from './problemList.ts';
import { goesOn, type ShownState } from './run/runState.ts';
import { RunView } from './run/runView.ts';
import { keepUi, post, uiState } from './vscodeApi.ts';

/** Typing is told to the host after this pause. */
const EDIT_PAUSE_MS = 150;
/** Where the form and the run stand below each other. */
const NARROW = '(max-width: 900px)';

/** The whole panel: heading with the actions, form, and run. */
export class PanelView {
  readonly element: HTMLElement;
  readonly #form: Form;
  readonly #run = new RunView();
  readonly #introduction: HTMLElement;
  readonly #results = element('div', { class: 'results' });
  readonly #file = element('p', { class: 'file', 'data-testid': 'file' });
  readonly #notices = element('div', { class: 'notices' });
  readonly #start = button({
    testId: 'start',
    label: t('Start'),
    appearance: 'primary',
    onClick: () => {
      this.#tryToStart();
    },
  });
  readonly #stop = button({
    testId: 'stop',
    label: t('Stop'),
    appearance: 'secondary',
    onClick: () => {
      post({ kind: 'stop' });
    },
  });
  readonly #save = button({
    testId: 'save',
    label: t('Save experiment'),
    appearance: 'secondary',
    onClick: () => {
      this.#tellEdit();
      post({ kind: 'save' });
    },
  });
  #problems: readonly Problem[];
  /** Problems that only a try to run brought up: shown until the next edit or try. */
  #refusal: readonly Problem[] = [];
  #isTrusted: boolean;
  #state: ShownState | undefined;
  #editTimer: number | undefined;

  constructor(init: Extract<HostMessage, { kind: 'init' }>) {
    this.#problems = init.problems;
    this.#isTrusted = init.trusted;
    if (init.isSaved) keepUi({ showsAllProblems: true });
    this.#form = new Form({
      sections: init.sections,
      draft: init.draft,
      models: init.models,
      onEdit: () => {
        this.#noteEdit();
      },
      pick: (picker, path) => {
        this.#tellEdit();
        post({ kind: 'pick', picker, path });
      },
      listFeatures: () => {
        clearTimeout(this.#editTimer);
        this.#refusal = [];
        post({ kind: 'listFeatures', draft: this.#form.draft });
      },
      foreseeOutputs: () => {
        clearTimeout(this.#editTimer);
        this.#refusal = [];
        post({ kind: 'foreseeOutputs', draft: this.#form.draft });
      },
    });
    this.#introduction = introduction();
    const actions = element('div', { class: 'actions' }, this.#start.element, this.#stop.element, this.#save.element);
    const titles = element('div', {}, element('h1', {}, t('Distill a model')), this.#file);
    this.element = element(
      'div',
      { class: 'panel' },
      element('header', { class: 'panel-header' }, titles, actions),
      this.#notices,
      element('div', { class: 'columns' }, this.#form.element, this.#results),
    );
    this.#showResults(init.hasRun ? this.#run.element : this.#introduction);
    if (init.hasRun) this.#makeRoom();
    this.#update();
  }

  showFile(file: string | undefined): void {
    setText(this.#file, file?.split(/[\\/]/).at(-1) ?? '');
  }

  /** The host changed the draft. */
  showDraft(draft: ExperimentDraft, problems: readonly Problem[]): void {
    this.#form.setDraft(draft);
    this.#refusal = [];
    this.showProblems(problems);
  }

  showProblems(problems: readonly Problem[]): void {
    this.#problems = problems;
    this.#update();
  }

  showFeatures(choices: FeatureChoices | null): void {
    this.#form.setFeatures(choices ?? undefined);
  }

  showOutputs(sizes: OutputSizes | null | undefined): void {
    this.#form.setOutputs(sizes);
  }

  showExplanation(answer: ExplanationAnswer): void {
    this.#run.showExplanation(answer);
  }

  setTrusted(isTrusted: boolean): void {
    this.#isTrusted = isTrusted;
    this.#update();
  }

  showStarting(): void {
    this.#refusal = [];
    this.#makeRoom();
    scrollTo({ top: 0 });
    this.showRun({
      id: '',
      name: '',
      state: 'starting',
      progress: 0,
      losses: [],
      accuracies: [],
      validationLosses: [],
      warnings: [],
      problems: [],
    });
  }

  /** No run came of the last try. */
  showRefusal(problems: readonly Problem[]): void {
    if (this.#state === 'starting') {
      this.#state = undefined;
      this.#showResults(this.#introduction);
    }
    keepUi({ showsAllProblems: true });
    this.#refusal = problems;
    this.#update();
    this.#notices.querySelector<HTMLElement>('.problems')?.focus();
  }

  showRun(run: RunSnapshot): void {
    const isNewState = this.#state !== run.state;
    this.#state = run.state;
    if (!this.#run.element.isConnected) this.#showResults(this.#run.element);
    this.#run.show(run);
    if (isNewState) this.#update();
  }

  /** A run gets more room than an introduction. */
  #showResults(content: HTMLElement): void {
    this.#results.replaceChildren(content);
    this.element.classList.toggle('has-run', content === this.#run.element);
  }

  /** Where the run stands below the form, the form is folded. */
  #makeRoom(): void {
    if (matchMedia(NARROW).matches) this.#form.fold();
  }

  #noteEdit(): void {
    this.#refusal = [];
    clearTimeout(this.#editTimer);
    this.#editTimer = window.setTimeout(() => {
      this.#tellEdit();
    }, EDIT_PAUSE_MS);
  }

  #tellEdit(): void {
    clearTimeout(this.#editTimer);
    post({ kind: 'edit', draft: this.#form.draft });
  }

  #tryToStart(): void {
    clearTimeout(this.#editTimer);
    keepUi({ showsAllProblems: true });
    post({ kind: 'start', draft: this.#form.draft });
  }

  /** Makes buttons, fields and notices fit the state. */
  #update(): void {
    const isGoingOn = this.#state !== undefined && goesOn(this.#state);
    const isFocused = [this.#start, this.#stop].some(({ element: shown }) => shown === document.activeElement);
    this.#start.setVisible(!isGoingOn);
    this.#start.setEnabled(this.#isTrusted);
    this.#stop.setVisible(isGoingOn);
    this.#stop.setEnabled(this.#state !== 'stopping');
    // The button that was pressed is gone; the one in its place gets the focus.
    if (isFocused) (isGoingOn ? this.#stop : this.#start).element.focus();
    this.#form.setEnabled(!isGoingOn);
    const shown = this.#refusal.length > 0 ? this.#refusal : this.#problems;
    const { showsAllProblems } = uiState();
    this.#form.setProblems(shown, { all: showsAllProblems });
    this.#notices.replaceChildren();
    if (!this.#isTrusted) this.#notices.append(trustNotice());
    if (showsAllProblems && shown.length > 0 && !isGoingOn) {
      const title = shown.some(({ where }) => this.#form.isAbout(where))
        ? t('Before this can run, please put right:')
        : t('The run could not be started:');
      const onChoose = (where: string): void => {
        this.#form.focusProblem(where);
      };
      this.#notices.append(problemList({ severity: 'error', problems: shown, title, onChoose }));
    }
  }
}

function trustNotice(): HTMLElement {
  const manage = button({
    testId: 'manageTrust',
    label: t('Manage trust'),
    appearance: 'secondary',
    onClick: () => {
      post({ kind: 'manageTrust' });
    },
  });
  const text = t('This workspace is not trusted: experiments and runs can be looked at, but nothing can be started.');
  return element(
    'div',
    { class: 'notice', role: 'note', 'data-testid': 'untrusted' },
    element('p', {}, text),
    manage.element,
  );
}
