import { element } from '../dom.ts';
import { t } from '../l10n.ts';
import { post } from '../vscodeApi.ts';
import { button, type Button } from './button.ts';

/** What stands where nothing is to be seen yet: what will be, and a way to what there was the last time. */
export class EmptyPlace {
  readonly element: HTMLElement;
  readonly #last: Button;

  constructor(id: string, text: string) {
    this.#last = button({
      testId: `${id}.openLastRun`,
      label: t('Open the last run'),
      appearance: 'secondary',
      onClick: () => {
        post({ kind: 'openLastRun' });
      },
    });
    this.#last.setVisible(false);
    this.element = element('div', { class: 'placeholder' }, element('p', {}, text), this.#last.element);
  }

  offerLastRun(isThere: boolean): void {
    this.#last.setVisible(isThere);
  }
}
