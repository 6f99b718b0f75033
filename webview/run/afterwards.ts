import type { RunSnapshot } from '../../src/protocol/snapshot.ts';
import { button, type Button } from '../components/button.ts';
import { copyForAgent } from '../components/copyForAgent.ts';
import { element } from '../dom.ts';
import { t } from '../l10n.ts';
import { post } from '../vscodeApi.ts';

/** What can be done with a run that did not end by itself: go on with it, look at what it left. */
export class Afterwards {
  readonly element: HTMLElement;
  readonly #resume: Button;
  readonly #student: Button;
  readonly #report: Button;
  readonly #hint = element('p', { class: 'hint' }, t('Resume goes on from the last checkpoint.'));

  constructor(options: { readonly showReport: () => void }) {
    this.#resume = button({
      testId: 'resume',
      label: t('Resume'),
      appearance: 'primary',
      onClick: () => {
        post({ kind: 'resume' });
      },
    });
    this.#student = button({
      testId: 'openStudent',
      label: t('Open student'),
      appearance: 'secondary',
      onClick: () => {
        post({ kind: 'revealStudent' });
      },
    });
    this.#report = button({
      testId: 'reportSoFar',
      label: t('Report so far'),
      appearance: 'secondary',
      onClick: options.showReport,
    });
    const buttons = [this.#resume, this.#student, this.#report, copyForAgent('copyRun')];
    this.element = element('div', { class: 'actions' }, ...buttons.map((each) => each.element), this.#hint);
  }

  show(run: Pick<RunSnapshot, 'state' | 'hasStudent' | 'hasCheckpoint' | 'report'>): void {
    const { state, hasStudent, hasCheckpoint, report } = run;
    const isCutShort = state === 'cancelled' || state === 'failed' || state === 'interrupted';
    this.element.hidden = !isCutShort;
    this.#resume.setVisible(hasCheckpoint === true);
    this.#student.setVisible(hasStudent === true);
    this.#hint.hidden = hasCheckpoint !== true;
    this.#report.setVisible(report !== undefined);
  }
}
