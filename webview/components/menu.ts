import { element } from '../dom.ts';
import { linkButton } from './linkButton.ts';

export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  readonly onChoose: () => void;
}

/** A few actions behind one word, where a button for each would crowd the page. Escape closes it. */
export function menu(options: {
  readonly testId: string;
  readonly label: string;
  /** Accessible name, where the label alone does not say enough. */
  readonly description: string;
  readonly entries: readonly MenuEntry[];
}): HTMLElement {
  const { testId, label, description, entries } = options;
  const summary = element('summary', { 'data-testid': testId, 'aria-label': description }, label);
  const close = (): void => {
    made.open = false;
    summary.focus();
  };
  const items = entries.map(({ id, label: text, onChoose }) =>
    linkButton({
      testId: `${testId}.${id}`,
      label: text,
      onClick: () => {
        close();
        onChoose();
      },
    }),
  );
  const made = element(
    'details',
    { class: 'menu' },
    summary,
    element('div', { class: 'menu-entries' }, ...items.map((item) => item.element)),
  );
  made.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !made.open) return;
    event.stopPropagation();
    close();
  });
  made.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !made.contains(relatedTarget)) made.open = false;
  });
  return made;
}
