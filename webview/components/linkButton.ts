import { element, setText } from '../dom.ts';
import type { Button } from './button.ts';

/** An action that most people do not need: it looks like a link. */
export function linkButton(options: {
  readonly testId: string;
  readonly label: string;
  /** Accessible name, where the label alone does not say enough. */
  readonly description?: string;
  readonly onClick: () => void;
}): Button {
  const { testId, label, description, onClick } = options;
  const made = element(
    'button',
    { class: 'link', type: 'button', 'data-testid': testId, 'aria-label': description },
    label,
  );
  made.addEventListener('click', onClick);
  return {
    element: made,
    setEnabled(isEnabled) {
      made.disabled = !isEnabled;
    },
    setVisible(isVisible) {
      made.hidden = !isVisible;
    },
    setLabel(text) {
      setText(made, text);
    },
  };
}
