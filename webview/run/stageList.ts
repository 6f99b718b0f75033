import type { RunSnapshot, RunStage } from '../../src/protocol/snapshot.ts';
import { element } from '../dom.ts';
import { t } from '../l10n.ts';
import { goesOn, stageName } from './runState.ts';

/** The parts of a run in their order: what is done, what goes on, what is to come. */
export class StageList {
  readonly element = element('ol', { class: 'stages', 'aria-label': t('Parts of the run'), 'data-testid': 'stages' });
  #shown = '';

  show({ stages, state }: Pick<RunSnapshot, 'stages' | 'state'>): void {
    this.element.hidden = stages.length === 0 || (!goesOn(state) && state === 'finished');
    const told = JSON.stringify([stages, state]);
    if (told === this.#shown) return;
    this.#shown = told;
    this.element.replaceChildren(...stages.map((stage) => stageItem(stage, goesOn(state))));
  }
}

function stageItem({ phase, state }: RunStage, isGoingOn: boolean): HTMLElement {
  const isNow = state === 'now';
  return element(
    'li',
    { class: `stage ${state.replace(' ', '-')}`, 'aria-current': isNow && isGoingOn ? 'step' : undefined },
    stageName(phase),
    ...(state === 'done' ? [element('span', { 'aria-hidden': 'true' }, ' ✓'), hidden(t('done'))] : []),
    ...(isNow && !isGoingOn ? [hidden(t('reached'))] : []),
  );
}

function hidden(text: string): HTMLElement {
  return element('span', { class: 'visually-hidden' }, ` (${text})`);
}
