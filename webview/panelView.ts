import type { Problem } from '../src/errors.ts';
import type { FactsAnswer, ForeseenCost } from '../src/protocol/experimentFacts.ts';
import type { ExplanationAnswer } from '../src/report/explanation.ts';
import type { FeatureChoices } from '../src/protocol/features.ts';
import type { OutputSizes } from '../src/protocol/outputForecast.ts';
import type { CurvesOfRun, ExperimentDraft, HostMessage } from '../src/protocol/panel.ts';
import type { Closeup, RunSnapshot } from '../src/protocol/snapshot.ts';
import { formatDuration, formatRoughly } from '../src/report/format.ts';
import { Tabs } from './components/tabs.ts';
import { EmptyPlace } from './components/emptyPlace.ts';
import { element, setText } from './dom.ts';
import { advisedNotice } from './form/advisedChanges.ts';
import { Form } from './form/form.ts';
import { valueAt } from './form/paths.ts';
import { introduction } from './introduction.ts';
import { t } from './l10n.ts';
import { PanelActions } from './panelActions.ts';
import { problemList } from './problemList.ts';
import { openingTab, type TabId } from './run/openingTab.ts';
import { goesOn, type ShownState } from './run/runState.ts';
import { RunView } from './run/runView.ts';
import { trustNotice } from './trustNotice.ts';
import { keepUi, post, uiState } from './vscodeApi.ts';

/** Typing is told to the host after this pause. */
const EDIT_PAUSE_MS = 150;

const NO_CURVES: CurvesOfRun = {
  losses: [],
  accuracies: [],
  validationLosses: [],
  learningRates: [],
  speeds: [],
  clocks: [],
};

/** The whole panel: heading with tabs and actions, and the places behind the tabs: configure, train, report. */
export class PanelView {
  readonly element: HTMLElement;
  readonly #form: Form;
  readonly #run = new RunView({
    showReport: () => {
      this.#tabs.choose('report');
    },
    labelOf: (where) => this.#form.labelAt(where),
    advice: {
      nameSettings: (change) => this.#form.nameSettings(change),
      showField: (path) => {
        this.#showField(path);
      },
    },
  });
  readonly #introduction = introduction();
  /** What was changed as a report advises. */
  readonly #advised = element('div', { class: 'advised' });
  readonly #noRun = new EmptyPlace('train', t('The curves appear here while the student learns.'));
  readonly #trainPage = element('div', { class: 'page' }, this.#noRun.element);
  readonly #tabs: Tabs<TabId>;
  readonly #title = element('h1', { tabindex: -1 }, t('Distill a model'));
  #runId = '';
  #lastSeconds: number | undefined;
  #foreseen: ForeseenCost['seconds'] = null;
  readonly #file = element('p', { class: 'file', 'data-testid': 'file' });
  /** How long the last run took, or about how long this one will, where it is configured. */
  readonly #expected = element('p', { class: 'expected', 'data-testid': 'expected' });
  readonly #notices = element('div', { class: 'notices' });
  readonly #actions = new PanelActions({
    start: () => {
      this.#tryToStart();
    },
    tellEdit: () => {
      this.#tellEdit();
    },
  });
  #problems: readonly Problem[];
  /** Problems that only a try to run brought up: shown until the next edit or try. */
  #refusal: readonly Problem[] = [];
  #isTrusted: boolean;
  #state: ShownState | undefined;
  #paused: RunSnapshot['pause'];
  /** As they were told last. */
  #curves = NO_CURVES;
  #hasTimeLeft = false;
  #editTimer: number | undefined;

  constructor(init: Extract<HostMessage, { kind: 'init' }>) {
    this.#problems = init.problems;
    this.#isTrusted = init.trusted;
    if (init.isSaved) keepUi({ showsAllProblems: true });
    this.#form = new Form({
      sections: init.sections,
      draft: init.draft,
      models: init.models,
      datasets: init.datasets,
      isStudentChosen: init.isStudentChosen,
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
      forecastOutputs: () => {
        clearTimeout(this.#editTimer);
        this.#refusal = [];
        post({ kind: 'forecastOutputs', draft: this.#form.draft });
      },
    });
    this.#showIntroduction(init.isSaved);
    this.#tabs = new Tabs(
      t('Places of the panel'),
      [
        {
          id: 'configure',
          title: t('Configure'),
          content: element('div', { class: 'page' }, this.#introduction, this.#advised, this.#form.element),
        },
        { id: 'train', title: t('Train'), content: this.#trainPage },
        { id: 'report', title: t('Report'), content: this.#run.reportPage },
      ],
      (id) => {
        keepUi({ tab: { id, run: this.#runId } });
        this.#update();
      },
    );
    const titles = element('div', { class: 'titles' }, this.#title, this.#file);
    // Beside the buttons, so that the tabs stay where they are, whatever is told.
    const end = element('div', { class: 'header-end' }, this.#expected, this.#actions.element);
    this.element = element(
      'div',
      { class: 'panel' },
      element('header', { class: 'panel-header' }, titles, this.#tabs.list, end),
      this.#notices,
      ...this.#tabs.pages,
    );
    if (init.hasRun) this.#showRunPage();
    const { tab } = uiState();
    if (tab?.run === '') this.#tabs.choose(tab.id);
    this.#update();
  }

  /** Where the page begins for those who work by keyboard. */
  get beginning(): HTMLElement {
    return this.#title;
  }

  showFile({ state: { file }, name, lastSeconds, hasLastRun }: Extract<HostMessage, { kind: 'keep' }>): void {
    this.#lastSeconds = lastSeconds;
    for (const place of [this.#noRun, this.#run.noReport])
      place.offerLastRun(hasLastRun === true && this.#state === undefined);
    this.#showExpected();
    setText(this.#title, name ?? t('Distill a model'));
    setText(this.#file, file?.split(/[\\/]/).at(-1) ?? '');
  }

  /** The host changed the draft. */
  showDraft(draft: ExperimentDraft, problems: readonly Problem[]): void {
    this.#form.setDraft(draft);
    this.#showIntroduction();
    this.#refusal = [];
    this.showProblems(problems);
  }

  /** The draft is the run's experiment, changed as its report advises. */
  showAdvised({ draft, problems, changed }: Extract<HostMessage, { kind: 'advised' }>): void {
    const before = this.#form.draft;
    const changes = this.#form.setAdvised(draft, changed);
    const notice = advisedNotice(changes, () => {
      this.#advised.replaceChildren();
      this.#form.setDraft(before);
      this.#tellEdit();
      this.#form.focusProblem(changed[0]?.path ?? '');
    });
    this.#advised.replaceChildren(notice);
    this.#refusal = [];
    this.showProblems(problems);
    this.#showField(changed[0]?.path ?? '');
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

  showFacts(answer: FactsAnswer | undefined): void {
    this.#form.setFacts(answer);
    this.#foreseen = answer?.kind === 'found' ? (answer.facts.foreseen?.seconds ?? null) : null;
    this.#showExpected();
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
    this.#advised.replaceChildren();
    this.#tabs.choose('train');
    scrollTo({ top: 0 });
    this.showRun({
      run: { id: '', name: '', state: 'starting', progress: 0, stages: [], said: [], warnings: [], problems: [] },
      curves: NO_CURVES,
    });
  }

  /** No run came of the last try. */
  showRefusal(problems: readonly Problem[]): void {
    if (this.#state === 'starting') {
      this.#state = undefined;
      this.#trainPage.replaceChildren(this.#noRun.element);
    }
    keepUi({ showsAllProblems: true });
    this.#refusal = problems;
    // Errors stand where they are.
    this.#tabs.choose('configure');
    this.#update();
    this.#notices.querySelector<HTMLElement>('.problems')?.focus();
  }

  showRun({ run, curves }: Pick<Extract<HostMessage, { kind: 'run' }>, 'run' | 'curves'>): void {
    this.#curves = curves ?? this.#curves;
    const hasTimeLeft = run.secondsLeft !== undefined;
    const isNewState = this.#state !== run.state || this.#paused !== run.pause || this.#hasTimeLeft !== hasTimeLeft;
    this.#hasTimeLeft = hasTimeLeft;
    this.#state = run.state;
    this.#paused = run.pause;
    this.#showRunPage();
    this.#run.show({ ...run, ...this.#curves });
    const isOtherRun = run.id !== '' && run.id !== this.#runId;
    // Who watched the training goes on to what came of it.
    const hasEnded = isNewState && run.report !== undefined && this.#tabs.chosen === 'train';
    if (run.id !== '') this.#runId = run.id;
    if (isOtherRun) this.#tabs.choose(openingTab(run, uiState().tab));
    else if (hasEnded && run.state === 'finished') this.#tabs.choose('report');
    if (isNewState) this.#update();
  }

  showCloseup(closeup: Closeup): void {
    this.#run.showCloseup(closeup);
  }

  #showExpected(): void {
    const { least, most } = this.#foreseen ?? {};
    const foreseen =
      least === undefined || most === undefined
        ? ''
        : t('takes roughly {0} to {1}', formatRoughly(least), formatRoughly(most));
    // The last run may have been of other settings, and what is foreseen is rough: both are told.
    const last = this.#lastSeconds === undefined ? '' : t('took {0} last time', formatDuration(this.#lastSeconds));
    setText(this.#expected, [foreseen, last].filter((text) => text !== '').join(' · '));
  }

  /** While a run goes on it is told until the run itself can tell what is left. */
  #placeExpected(isGoingOn: boolean): void {
    this.#expected.hidden = isGoingOn ? this.#hasTimeLeft : this.#tabs.chosen !== 'configure';
  }

  #showField(path: string): void {
    this.#tabs.choose('configure');
    keepUi({ tab: { id: 'configure', run: this.#runId } });
    this.#update();
    this.#form.focusProblem(path);
  }

  #showRunPage(): void {
    if (!this.#run.element.isConnected) this.#trainPage.replaceChildren(this.#run.element);
  }

  /** Who has data has found the way. */
  #showIntroduction(isSaved = false): void {
    if (isSaved || valueAt(this.#form.draft, ['dataset', 'path']) !== '') this.#introduction.hidden = true;
    const teacher = valueAt(this.#form.draft, ['teacher', 'model']);
    this.#introduction.querySelector('li')?.classList.toggle('done', typeof teacher === 'string' && teacher !== '');
  }

  #noteEdit(): void {
    this.#refusal = [];
    this.#showIntroduction();
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
    this.#placeExpected(isGoingOn);
    this.#actions.show({
      isGoingOn,
      state: this.#state,
      pause: this.#paused,
      isTrusted: this.#isTrusted,
      isAgain: this.#state !== undefined && this.#tabs.chosen !== 'configure',
    });
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
        this.#tabs.choose('configure');
        this.#form.focusProblem(where);
      };
      const labelOf = (where: string): string | undefined => this.#form.labelAt(where);
      this.#notices.append(
        problemList({ severity: 'error', problems: shown, title, onChoose, labelOf, isCopied: true }),
      );
    }
  }
}
