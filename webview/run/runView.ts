import type { ExplanationAnswer } from '../../src/report/explanation.ts';
import { formatProgress } from '../../src/report/format.ts';
import type { Closeup, RunSnapshot } from '../../src/protocol/snapshot.ts';
import { RunCharts } from '../charts/runCharts.ts';
import { button } from '../components/button.ts';
import { EmptyPlace } from '../components/emptyPlace.ts';
import { progressBar } from '../components/progressBar.ts';
import { element, setAttributes, setText } from '../dom.ts';
import { found } from '../found.ts';
import { t } from '../l10n.ts';
import { problemList } from '../problemList.ts';
import type { AdviceContext } from '../report/adviceView.ts';
import { ReportView } from '../report/reportView.ts';
import { post } from '../vscodeApi.ts';
import { Afterwards } from './afterwards.ts';
import { RunLog } from './runLog.ts';
import { StageList } from './stageList.ts';
import { describeEnd, describePosition, describeTimeLeft, describeState, goesOn } from './runState.ts';

export interface RunViewOptions {
  readonly showReport: () => void;
  /** What a place of the experiment is called in the form; undefined where it is none of its fields. */
  readonly labelOf: (where: string) => string | undefined;
  readonly advice: Omit<AdviceContext, 'showPart'>;
}

/** A run: what it is doing, its curves, and its report in the end. */
export class RunView {
  readonly element: HTMLElement;
  readonly #status = element('p', {
    class: 'run-status',
    role: 'status',
    'aria-live': 'polite',
    'data-testid': 'status',
  });
  readonly #progress = progressBar({ testId: 'progress', label: t('Progress of the run') });
  readonly #percent = element('span', { class: 'run-percent' });
  readonly #position = element('p', { class: 'run-position', 'data-testid': 'position' });
  readonly #device = element('p', { class: 'run-device', 'data-testid': 'device' });
  readonly #bar: HTMLElement;
  readonly #messages = element('div', { class: 'run-messages' });
  readonly #charts = new RunCharts();
  readonly #stages = new StageList();
  readonly #log = new RunLog();
  readonly #report: ReportView;
  /** What stands in place of a report. */
  readonly noReport = new EmptyPlace('report', t('The report appears here when a run has ended.'));
  /** The page with the report. */
  readonly reportPage: HTMLElement;
  readonly #afterwards: Afterwards;
  readonly #options: RunViewOptions;
  #shownMessages = '';

  constructor(options: RunViewOptions) {
    this.#options = options;
    this.#report = new ReportView(options.advice);
    this.#afterwards = new Afterwards(options);
    this.reportPage = element('div', { class: 'page' }, this.noReport.element, this.#report.element);
    this.#bar = element('div', { class: 'run-bar' }, this.#progress.element, this.#percent);
    this.element = element(
      'section',
      { class: 'run', 'aria-label': t('Run'), 'data-testid': 'run' },
      element(
        'div',
        { class: 'run-head' },
        this.#status,
        this.#bar,
        this.#position,
        this.#stages.element,
        this.#device,
      ),
      this.#afterwards.element,
      this.#messages,
      this.#charts.element,
      this.#log.element,
    );
  }

  show(run: RunSnapshot): void {
    const isGoingOn = goesOn(run.state);
    setAttributes(this.element, { 'data-state': run.state });
    setText(this.#status, describeState(run));
    this.#progress.setValue(run.state === 'starting' ? undefined : run.progress);
    setText(this.#percent, run.state === 'starting' ? '' : formatProgress(run.progress));
    this.#bar.hidden = !isGoingOn;
    setText(
      this.#position,
      isGoingOn
        ? [run.position ? describePosition(run.position) : found(run.phaseMessage ?? ''), describeTimeLeft(run)]
            .filter((text) => text !== '')
            .join(' · ')
        : [found(run.reason ?? ''), describeEnd(run, document.documentElement.lang)]
            .filter((text) => text !== '')
            .join(' · '),
    );
    // What was asked for and did not work is of interest while one can still do something about it; the report says where it ran.
    setText(this.#device, isGoingOn ? found(run.device?.message ?? '') : '');
    this.#showMessages(run);
    // After the end no more epochs are to come.
    this.#charts.show(run, isGoingOn ? (run.epochs ?? 1) : 0);
    this.#stages.show(run);
    this.#log.show(run);
    this.#report.show(run);
    this.noReport.element.hidden = run.report !== undefined;
    // The run that is shown has none yet.
    this.noReport.offerLastRun(false);
    this.#afterwards.show(run);
  }

  showCloseup(closeup: Closeup): void {
    this.#charts.showCloseup(closeup);
  }

  showExplanation(answer: ExplanationAnswer): void {
    this.#report.showExplanation(answer);
  }

  /** Warnings, reasons of a failure and the log of a process that died. They change seldom. */
  #showMessages({ name, state, warnings, problems: told, log }: RunSnapshot): void {
    // What is wrong with the run as a whole bears its name, which stands above.
    const problems = told.map((problem) => (problem.where === name ? { ...problem, where: '' } : problem));
    const messages = JSON.stringify([state, warnings, problems, log]);
    if (messages === this.#shownMessages) return;
    this.#shownMessages = messages;
    this.#messages.replaceChildren();
    const { labelOf } = this.#options;
    if (problems.length > 0) {
      // Whose process is gone has not failed by itself.
      const title = state === 'interrupted' ? t('What happened') : t('The run failed');
      this.#messages.append(problemList({ severity: 'error', problems, title, labelOf }));
    }
    if (warnings.length > 0) this.#messages.append(problemList({ severity: 'warning', problems: warnings, labelOf }));
    if (log !== undefined) {
      const openLog = button({
        testId: 'openLog',
        label: t('Open log'),
        appearance: 'secondary',
        onClick: () => {
          post({ kind: 'openLog' });
        },
      });
      this.#messages.append(
        element('pre', { class: 'log', tabindex: 0, 'aria-label': t('End of the log') }, log),
        openLog.element,
      );
    }
  }
}
