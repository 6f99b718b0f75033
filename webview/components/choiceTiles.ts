import { element, setAttributes } from '../dom.ts';
import { markProblem, type Control, type ControlOptions } from './control.ts';
import type { Choice } from './dropdown.ts';

export interface ChoiceTiles extends Control<string> {
  /** Puts some choices first and hides the others, unless all are to be in sight. @param first their values */
  offer(first: readonly string[], showsAll: boolean): void;
}

/** One of a few choices, in sight, as a group of radio buttons: arrows move, and space chooses, since a choice drops what was set for the other one. */
export function choiceTiles(options: ControlOptions<string> & { readonly choices: readonly Choice[] }): ChoiceTiles {
  const { testId, label, description, choices, onChange } = options;
  let tiles = choices.map((choice) => {
    const tile = element(
      'button',
      { class: 'tile', type: 'button', role: 'radio', value: choice.value, 'data-testid': `${testId}:${choice.value}` },
      choice.label,
    );
    tile.addEventListener('click', () => {
      onChange(choice.value);
    });
    return tile;
  });
  let chosen = '';
  const valueOf = (tile: HTMLElement): string => tile.getAttribute('value') ?? '';
  const group = element(
    'div',
    { class: 'tiles', role: 'radiogroup', 'data-testid': testId, 'aria-label': label, 'aria-description': description },
    ...tiles,
  );
  group.addEventListener('keydown', (event) => {
    const shown = tiles.filter((tile) => !tile.hidden);
    const index = shown.indexOf(document.activeElement as HTMLButtonElement);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (index < 0 || step === undefined) return;
    event.preventDefault();
    shown[(index + step + shown.length) % shown.length]?.focus();
  });
  const mark = (): void => {
    const reached = tiles.find((tile) => valueOf(tile) === chosen) ?? tiles.find((tile) => !tile.hidden);
    for (const tile of tiles) {
      setAttributes(tile, { 'aria-checked': String(valueOf(tile) === chosen), tabindex: tile === reached ? 0 : -1 });
    }
  };
  return {
    element: group,
    setValue(value) {
      chosen = value;
      mark();
    },
    offer(first, showsAll) {
      const isFirst = (tile: HTMLElement): boolean => first.includes(valueOf(tile));
      tiles = [...tiles.filter(isFirst), ...tiles.filter((tile) => !isFirst(tile))];
      for (const tile of tiles) tile.hidden = !showsAll && !isFirst(tile);
      const focused = tiles.find((tile) => tile === document.activeElement);
      group.replaceChildren(...tiles);
      // Whatever is moved in a page loses the focus.
      focused?.focus();
      mark();
    },
    setEnabled(isEnabled) {
      for (const tile of tiles) tile.disabled = !isEnabled;
    },
    setProblem(problem) {
      markProblem(group, problem, description);
    },
  };
}
