import type { Problem } from '../src/errors.ts';
import type { FactsAnswer } from '../src/protocol/experimentFacts.ts';
import type { ExplanationAnswer } from '../src/report/explanation.ts';
import type { FeatureChoices } from '../src/protocol/features.ts';
import type { OutputSizes } from '../src/protocol/outputForecast.ts';
import type { CurvesOfRun, ExperimentDraft, HostMessage, WorkspaceHindrance } from '../src/protocol/panel.ts';
import type { Closeup, RunSnapshot } from '../src/protocol/snapshot.ts';
import { Tabs } from './components/tabs.ts';
import { EmptyPlace } from './components/emptyPlace.ts';
import { element, setAttributes, setText } from './dom.ts';
import { DraftTeller } from './draftTeller.ts';
import { ExpectedTime } from './expectedTime.ts';
import { advisedNotice } from './form/advisedChanges.ts';
import { Form } from './form/form.ts';
import { Introduction } from './introduction.ts';
import { t } from './l10n.ts';
import { PanelActions } from './panelActions.ts';
import { PanelNotices } from './panelNotices.ts';
import { openingTab, type TabId } from './run/openingTab.ts';
import { goesOn, type ShownState } from './run/runState.ts';
import { RunView } from './run/runView.ts';
import { keepUi, post, uiState } from './vscodeApi.ts';

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
  readonly #introduction = new Introduction();
  /** What was changed as a report advises. */
  readonly #advised = element('div', { class: 'advised' });
  readonly #noRun = new EmptyPlace('train', t('The curves appear here while the student learns.'));
  readonly #trainPage = element('div', { class: 'page' }, this.#noRun.element);
  readonly #tabs: Tabs<TabId>;
  readonly #title = element('h1', { tabindex: -1 }, t('Distill a model'));
  #runId = '';
  readonly #file = element('p', { class: 'file', 'data-testid': 'file' });
  readonly #expected = new ExpectedTime();
  readonly #teller = new DraftTeller(() => this.#form.draft);
  readonly #notices: PanelNotices;
  readonly #actions = new PanelActions({
    start: () => {
      this.#tryToStart();
    },
    tellEdit: () => {
      this.#teller.tell('edit');
    },
  });
  #state: ShownState | undefined;
  #paused: RunSnapshot['pause'];
  /** As they were told last. */
  #curves = NO_CURVES;
  #hasTimeLeft = false;

  constructor(init: Extract<HostMessage, { kind: 'init' }>) {
    this.#notices = new PanelNotices(init, {
      isAbout: (where) => this.#form.isAbout(where),
      labelOf: (where) => this.#form.labelAt(where),
      onChoose: (where) => {
        this.#tabs.choose('configure');
        this.#form.focusProblem(where);
      },
    });
    this.#form = new Form({
      sections: init.sections,
      draft: init.draft,
      models: init.models,
      datasets: init.datasets,
      isStudentChosen: init.isStudentChosen,
      onEdit: (_, isSuggested) => {
        this.#noteEdit(isSuggested);
      },
      pick: (picker, path) => {
        this.#teller.tell('edit');
        post({ kind: 'pick', picker, path });
      },
      listFeatures: () => {
        this.#notices.setRefusal([]);
        this.#teller.tell('listFeatures');
      },
      forecastOutputs: () => {
        this.#notices.setRefusal([]);
        this.#teller.tell('forecastOutputs');
      },
    });
    this.#introduction.show(init.draft, init);
    this.#tabs = new Tabs(
      t('Places of the panel'),
      [
        {
          id: 'configure',
          title: t('Configure'),
          content: element('div', { class: 'page' }, this.#introduction.element, this.#advised, this.#form.element),
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
    const end = element('div', { class: 'header-end' }, this.#expected.element, this.#actions.element);
    this.element = element(
      'div',
      { class: 'panel' },
      element('header', { class: 'panel-header' }, titles, this.#tabs.list, end),
      this.#notices.element,
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
    this.#expected.setLast(lastSeconds);
    for (const place of [this.#noRun, this.#run.noReport])
      place.offerLastRun(hasLastRun === true && this.#state === undefined);
    setText(this.#title, name ?? t('Distill a model'));
    // Long ones are cut off.
    setAttributes(this.#title, { title: name });
    setText(this.#file, file?.split(/[\\/]/).at(-1) ?? '');
    setAttributes(this.#file, { title: file });
  }

  /** The host changed the draft. */
  showDraft(draft: ExperimentDraft): void {
    this.#form.setDraft(draft);
    this.#introduction.show(draft);
    this.#notices.setRefusal([]);
    this.#update();
  }

  /** The draft is the run's experiment, changed as its report advises. */
  showAdvised({ draft, changed }: Extract<HostMessage, { kind: 'advised' }>): void {
    const before = this.#form.draft;
    const changes = this.#form.setAdvised(draft, changed);
    const notice = advisedNotice(changes, () => {
      this.#advised.replaceChildren();
      this.#form.setDraft(before);
      this.#teller.tell('edit');
      this.#form.focusProblem(changed[0]?.path ?? '');
    });
    this.#advised.replaceChildren(notice);
    this.#notices.setRefusal([]);
    this.#showField(changed[0]?.path ?? '');
  }

  showProblems(problems: readonly Problem[]): void {
    this.#notices.setProblems(problems);
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
    this.#expected.setForeseen(answer?.kind === 'found' ? (answer.facts.foreseen?.seconds ?? null) : null);
  }

  showExplanation(answer: ExplanationAnswer): void {
    this.#run.showExplanation(answer);
  }

  setHindrance(hindrance: WorkspaceHindrance | null): void {
    this.#notices.setHindrance(hindrance);
    this.#update();
  }

  showStarting(): void {
    this.#notices.setRefusal([]);
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
    this.#notices.setRefusal(problems);
    // Errors stand where they are.
    this.#tabs.choose('configure');
    this.#update();
    this.#notices.focusProblems();
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

  #showField(path: string): void {
    this.#tabs.choose('configure');
    keepUi({ tab: { id: 'configure', run: this.#runId } });
    this.#update();
    this.#form.focusProblem(path);
  }

  #showRunPage(): void {
    if (!this.#run.element.isConnected) this.#trainPage.replaceChildren(this.#run.element);
  }

  #noteEdit(isSuggested: boolean): void {
    // What a try was refused for is still to be read when what suits the data is known only then.
    if (!isSuggested) this.#notices.setRefusal([]);
    this.#introduction.show(this.#form.draft);
    this.#teller.tellSoon();
  }

  #tryToStart(): void {
    keepUi({ showsAllProblems: true });
    this.#teller.tell('start');
  }

  /** Makes buttons, fields and notices fit the state. */
  #update(): void {
    const isGoingOn = this.#state !== undefined && goesOn(this.#state);
    // While a run goes on it is told until the run itself can tell what is left.
    this.#expected.element.hidden = isGoingOn ? this.#hasTimeLeft : this.#tabs.chosen !== 'configure';
    this.#actions.show({
      isGoingOn,
      state: this.#state,
      pause: this.#paused,
      mayStart: this.#notices.mayStart,
      isAgain: this.#state !== undefined && this.#tabs.chosen !== 'configure',
    });
    this.#form.setEnabled(!isGoingOn);
    this.#form.setProblems(this.#notices.shown, { all: uiState().showsAllProblems });
    this.#notices.show(this.#tabs.chosen === 'configure' && !isGoingOn);
  }
}
