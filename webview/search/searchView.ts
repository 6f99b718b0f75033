import { formatDuration } from '../../src/report/format.ts';
import type { SearchDrawing, SearchHostMessage } from '../../src/protocol/searchPage.ts';
import { button } from '../components/button.ts';
import { progressBar } from '../components/progressBar.ts';
import { element, setText } from '../dom.ts';
import { t } from '../l10n.ts';
import { ask } from './hostApi.ts';
import { searchStateText } from './searchTexts.ts';

type Shown = Extract<SearchHostMessage, { readonly kind: 'search' }>;

const TICK_MS = 1000;
const TRIAL_ADDRESS = /^#trial-(\d+)$/;

/** How a search goes: its state, what can be done about it, and what its trials came to. */
export class SearchView {
  readonly element: HTMLElement;
  readonly #title = element('h1', { 'data-testid': 'search.title' });
  readonly #state = element('p', { class: 'search-state', role: 'status', 'data-testid': 'search.state' });
  readonly #time = element('p', { class: 'search-time', 'data-testid': 'search.time' });
  readonly #facts = element('p', { 'data-testid': 'search.facts' });
  readonly #open = element('p', { 'data-testid': 'search.open' });
  readonly #best = element('p', { class: 'search-best', 'data-testid': 'search.best' });
  readonly #problem = element('div', { role: 'alert', 'data-testid': 'search.problem' });
  readonly #result = element('div', { class: 'search-result', 'data-testid': 'search.result' });
  readonly #progress = progressBar({ testId: 'search.progress', label: t('Trials that are done') });
  readonly #stop = button({
    testId: 'search.stop',
    label: t('Stop'),
    appearance: 'secondary',
    onClick: () => {
      ask({ kind: 'stop' });
    },
  });
  readonly #resume = button({
    testId: 'search.resume',
    label: t('Resume'),
    appearance: 'primary',
    onClick: () => {
      this.#resume.setEnabled(false);
      ask({ kind: 'resume' });
    },
  });
  readonly #reveal = button({
    testId: 'search.reveal',
    label: t('Reveal in Explorer'),
    appearance: 'secondary',
    onClick: () => {
      ask({ kind: 'reveal' });
    },
  });
  #shown: Shown | undefined;

  constructor() {
    const actions = element('div', { class: 'search-actions' });
    actions.append(this.#resume.element, this.#stop.element, this.#reveal.element);
    this.element = element(
      'div',
      { class: 'search-page report' },
      element('header', { class: 'panel-header' }, this.#title, actions),
      this.#state,
      this.#progress.element,
      this.#time,
      this.#facts,
      this.#open,
      this.#best,
      this.#problem,
      this.#result,
    );
    this.element.addEventListener('click', (event) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      const trial = TRIAL_ADDRESS.exec(link?.getAttribute('href') ?? '')?.[1];
      if (trial === undefined) return;
      event.preventDefault();
      ask({ kind: 'openTrial', trial: Number(trial) });
    });
    setInterval(() => {
      this.#tick();
    }, TICK_MS);
  }

  show(shown: Shown): void {
    this.#shown = shown;
    const { state, isStopping, mayResume, name, answer, log } = shown;
    const drawing = answer.kind === 'drawing' ? answer.drawing : undefined;
    setText(this.#title, name);
    setText(this.#state, searchStateText(shown));
    this.#stop.setVisible(state === 'running');
    this.#stop.setEnabled(!isStopping);
    this.#resume.setVisible(mayResume);
    this.#resume.setEnabled(true);
    this.#reveal.setVisible(drawing !== undefined);
    this.#showProblem(answer.kind === 'problem' ? answer.message : '', log);
    this.#showFacts(drawing, state === 'running');
    this.#showResult(drawing?.body ?? '');
    this.#tick();
  }

  #showProblem(message: string, log: string): void {
    const parts = [
      ...(message === '' ? [] : [element('p', {}, message)]),
      ...(log === '' ? [] : [element('p', {}, t('What it told last:')), element('pre', {}, log)]),
    ];
    this.#problem.hidden = parts.length === 0;
    // An alert is read out again whenever its content is set.
    if (this.#problem.textContent !== parts.map(({ textContent }) => textContent).join('')) {
      this.#problem.replaceChildren(...parts);
    }
  }

  #showFacts(drawing: SearchDrawing | undefined, isRunning: boolean): void {
    setText(this.#facts, drawing ? `${drawing.goes} ${isRunning ? '' : drawing.ended}`.trim() : '');
    const open = isRunning ? (drawing?.open ?? []) : [];
    this.#open.hidden = open.length === 0;
    this.#open.replaceChildren(
      t('In training:'),
      ...open.flatMap((trial) => [' ', element('a', { href: `#trial-${trial}` }, t('trial {0}', trial))]),
    );
    const best = drawing?.best;
    this.#best.hidden = !best;
    this.#best.replaceChildren(
      ...(best
        ? [
            `${t('Best:')} `,
            element('a', { href: `#trial-${best.trial}` }, t('trial {0}', best.trial)),
            ` (${best.figures})`,
          ]
        : []),
    );
  }

  /** Puts in what was drawn; whoever had a trial in focus keeps it. */
  #showResult(body: string): void {
    const focused = this.#result.contains(document.activeElement) ? document.activeElement?.getAttribute('href') : null;
    const { body: drawn } = new DOMParser().parseFromString(body, 'text/html');
    // Every text in it was escaped when it was drawn.
    this.#result.replaceChildren(...[...drawn.childNodes].map((node) => document.importNode(node, true)));
    for (const area of this.#result.querySelectorAll('.scroll')) area.setAttribute('tabindex', '0');
    const again = [...this.#result.querySelectorAll('a')].find((link) => link.getAttribute('href') === focused);
    if (focused != null) again?.focus({ preventScroll: true });
  }

  /** Time goes on between what the host tells. */
  #tick(): void {
    const shown = this.#shown;
    const drawing = shown?.answer.kind === 'drawing' ? shown.answer.drawing : undefined;
    // One that is over has no progress.
    this.#progress.element.hidden = !drawing || drawing.mostTrials === 0 || shown?.state === 'finished';
    if (!shown || !drawing) {
      setText(this.#time, '');
      return;
    }
    const done = Object.values(drawing.counts).reduce((sum, count) => sum + count, 0);
    const running = shown.state === 'running' ? Math.max(0, Date.now() - drawing.countedAt) / 1000 : 0;
    const time = formatDuration(drawing.seconds + running);
    const trials =
      drawing.mostTrials > 0
        ? t('{0} of {1} trials', done - drawing.counts.refused, drawing.mostTrials)
        : t('{0} trials', done);
    setText(this.#time, `${trials} · ${time}`);
    this.#progress.setValue(drawing.mostTrials > 0 ? (done - drawing.counts.refused) / drawing.mostTrials : 0);
  }
}
