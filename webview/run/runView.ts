import type { ExplanationAnswer } from '../../src/protocol/explanation.ts';
import type { RunSnapshot } from '../../src/protocol/snapshot.ts';
import { accuracyFormat, accuracySeries, lossFormat, lossSeries, validationLossSeries } from '../charts/series.ts';
import { LineChart } from '../charts/lineChart.ts';
import { watchTheme } from '../charts/theme.ts';
import { button } from '../components/button.ts';
import { progressBar } from '../components/progressBar.ts';
import { element, setAttributes, setText } from '../dom.ts';
import { t } from '../l10n.ts';
import { problemList } from '../problemList.ts';
import { ReportView } from '../report/reportView.ts';
import { post } from '../vscodeApi.ts';
import { describePosition, describeState, goesOn } from './runState.ts';

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
  readonly #loss = new LineChart({ id: 'loss', title: t('Training loss'), format: lossFormat });
  readonly #accuracy = new LineChart({ id: 'accuracy', title: t('Validation accuracy'), format: accuracyFormat });
  /** In place of the accuracy, where the task has none. */
  readonly #validationLoss = new LineChart({ id: 'validationLoss', title: t('Validation loss'), format: lossFormat });
  readonly #charts: HTMLElement;
  readonly #report = new ReportView();
  #shownMessages = '';

  constructor() {
    this.#bar = element('div', { class: 'run-bar' }, this.#progress.element, this.#percent);
    const charts = [this.#accuracy, this.#validationLoss, this.#loss];
    this.#charts = element('div', { class: 'charts' }, ...charts.map((chart) => chart.element));
    this.element = element(
      'section',
      { class: 'run', 'aria-label': t('Run'), 'data-testid': 'run' },
      element('div', { class: 'run-head' }, this.#status, this.#bar, this.#position, this.#device),
      this.#messages,
      this.#report.element,
      this.#charts,
    );
    watchTheme(() => {
      for (const chart of charts) chart.redraw();
    });
  }

  show(run: RunSnapshot): void {
    const isGoingOn = goesOn(run.state);
    setAttributes(this.element, { 'data-state': run.state });
    setText(this.#status, describeState(run));
    this.#progress.setValue(run.state === 'starting' ? undefined : run.progress);
    setText(this.#percent, run.state === 'starting' ? '' : `${Math.floor(run.progress * 100)} %`);
    this.#bar.hidden = !isGoingOn;
    setText(this.#position, isGoingOn && run.position ? describePosition(run.position) : '');
    setText(this.#device, run.device?.message ?? '');
    this.#showMessages(run);
    this.#charts.hidden = run.losses.length === 0;
    if (run.losses.length > 0) {
      // After the end no more epochs are to come.
      const epochs = isGoingOn ? (run.epochs ?? 1) : 0;
      this.#loss.update(lossSeries(run), epochs);
      const hasAccuracy = run.accuracies.length > 0 || run.validationLosses.length === 0;
      this.#accuracy.element.hidden = !hasAccuracy;
      this.#validationLoss.element.hidden = hasAccuracy;
      if (hasAccuracy) this.#accuracy.update(accuracySeries(run), epochs);
      else this.#validationLoss.update(validationLossSeries(run), epochs);
    }
    this.#report.show(run);
  }

  showExplanation(answer: ExplanationAnswer): void {
    this.#report.showExplanation(answer);
  }

  /** Warnings, reasons of a failure and the log of a process that died. They change seldom. */
  #showMessages({ warnings, problems, log }: RunSnapshot): void {
    const messages = JSON.stringify([warnings, problems, log]);
    if (messages === this.#shownMessages) return;
    this.#shownMessages = messages;
    this.#messages.replaceChildren();
    if (problems.length > 0)
      this.#messages.append(problemList({ severity: 'error', problems, title: t('The run failed') }));
    if (warnings.length > 0) this.#messages.append(problemList({ severity: 'warning', problems: warnings }));
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
