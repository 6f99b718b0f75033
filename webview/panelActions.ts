import type { RunSnapshot } from '../src/protocol/snapshot.ts';
import { button } from './components/button.ts';
import { element } from './dom.ts';
import { t } from './l10n.ts';
import { post } from './vscodeApi.ts';

/** What the buttons are to fit. */
export interface ActionsState {
  /** Whether a run goes on, so that it can be stopped and nothing else be started. */
  readonly isGoingOn: boolean;
  readonly state: RunSnapshot['state'] | undefined;
  readonly pause: RunSnapshot['pause'];
  /** Whether the workspace is one that something can be started in. */
  readonly mayStart: boolean;
  /** Whether starting runs once more what is shown. */
  readonly isAgain: boolean;
}

/** The buttons at the top of the panel: the experiment's file, and the run's start, pause and stop. */
export class PanelActions {
  readonly element: HTMLElement;
  #pauseState: RunSnapshot['pause'];
  readonly #start;
  readonly #pause = button({
    testId: 'pause',
    label: t('Pause'),
    appearance: 'secondary',
    onClick: () => {
      post({ kind: 'pause', isPaused: this.#pauseState === undefined });
    },
  });
  readonly #stop = button({
    testId: 'stop',
    label: t('Stop and keep the best'),
    appearance: 'secondary',
    onClick: () => {
      post({ kind: 'stop' });
    },
  });

  /** @param tellEdit has the host know the form as it is, before something is done with it */
  constructor({ start, tellEdit }: { readonly start: () => void; readonly tellEdit: () => void }) {
    this.#start = button({ testId: 'start', label: t('Start'), appearance: 'primary', onClick: start });
    const save = button({
      testId: 'save',
      label: t('Save experiment'),
      appearance: 'secondary',
      onClick: () => {
        tellEdit();
        post({ kind: 'save' });
      },
    });
    const openAsFile = button({
      testId: 'openAsFile',
      label: t('Open as file'),
      appearance: 'secondary',
      onClick: () => {
        tellEdit();
        post({ kind: 'openAsFile' });
      },
    });
    const buttons = [openAsFile, save, this.#start, this.#pause, this.#stop];
    this.element = element('div', { class: 'actions' }, ...buttons.map((each) => each.element));
  }

  show({ isGoingOn, state, pause, mayStart, isAgain }: ActionsState): void {
    const isFocused = [this.#start, this.#stop, this.#pause].some(
      ({ element: shown }) => shown === document.activeElement,
    );
    this.#pauseState = pause;
    this.#pause.setVisible(state === 'running');
    this.#pause.setLabel(pause === undefined ? t('Pause') : t('Continue'));
    this.#start.setVisible(!isGoingOn);
    this.#start.setEnabled(mayStart);
    this.#start.setLabel(isAgain ? t('Run again') : t('Start'));
    this.#stop.setVisible(isGoingOn);
    this.#stop.setEnabled(state !== 'stopping');
    // The button that was pressed is gone; the one in its place gets the focus.
    if (isFocused) (isGoingOn ? this.#stop : this.#start).element.focus();
  }
}
