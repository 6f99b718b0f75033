import type { ForeseenCost } from '../src/protocol/experimentFacts.ts';
import { formatDuration, formatRoughly } from '../src/report/format.ts';
import { element, setText } from './dom.ts';
import { t } from './l10n.ts';

/** How long the last run took, and about how long the one that is configured will: the one may have been of other settings, the other is rough. */
export class ExpectedTime {
  readonly element = element('p', { class: 'expected', 'data-testid': 'expected' });
  #lastSeconds: number | undefined;
  #foreseen: ForeseenCost['seconds'] = null;

  /** @param seconds that the last run took; undefined where there was none */
  setLast(seconds: number | undefined): void {
    this.#lastSeconds = seconds;
    this.#show();
  }

  /** @param seconds null where they cannot be foreseen */
  setForeseen(seconds: ForeseenCost['seconds']): void {
    this.#foreseen = seconds;
    this.#show();
  }

  #show(): void {
    const { least, most } = this.#foreseen ?? {};
    const foreseen =
      least === undefined || most === undefined
        ? ''
        : t('takes roughly {0} to {1}', formatRoughly(least), formatRoughly(most));
    const last = this.#lastSeconds === undefined ? '' : t('took {0} last time', formatDuration(this.#lastSeconds));
    setText(this.element, [foreseen, last].filter((text) => text !== '').join(' · '));
  }
}
