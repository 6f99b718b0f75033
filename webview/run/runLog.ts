import type { RunSnapshot } from '../../src/protocol/snapshot.ts';
import { element } from '../dom.ts';
import { found } from '../found.ts';
import { t } from '../l10n.ts';

/** What the run said that it does and found out, folded: what was decided stands there when one asks for it. */
export class RunLog {
  readonly #lines = element('ol', { class: 'log-lines' });
  readonly element = element(
    'details',
    { class: 'run-log', 'data-testid': 'runLog', hidden: true },
    element('summary', {}, t('Log of the run')),
    this.#lines,
  );
  #shown: readonly string[] = [];

  show({ said }: Pick<RunSnapshot, 'said'>): void {
    this.element.hidden = said.length === 0;
    const isContinued = this.#shown.every((line, index) => line === said[index]);
    const added = isContinued ? said.slice(this.#shown.length) : said;
    this.#shown = said;
    const items = added.map((line) => element('li', {}, found(line)));
    if (isContinued) this.#lines.append(...items);
    else this.#lines.replaceChildren(...items);
  }
}
