import { provideVSCodeDesignSystem, vsCodeButton } from '@vscode/webview-ui-toolkit';
import { setAttributes, setText } from '../dom.ts';

provideVSCodeDesignSystem().register(vsCodeButton());

export interface Button {
  readonly element: HTMLElement;
  readonly setEnabled: (isEnabled: boolean) => void;
  readonly setVisible: (isVisible: boolean) => void;
  readonly setLabel: (label: string) => void;
}

export function button(options: {
  readonly testId: string;
  readonly label: string;
  readonly appearance: 'primary' | 'secondary';
  /** Accessible name, where the label alone does not say enough. */
  readonly description?: string;
  readonly onClick: () => void;
}): Button {
  const made = document.createElement('vscode-button');
  setAttributes(made, {
    'data-testid': options.testId,
    appearance: options.appearance,
    'aria-label': options.description,
  });
  made.append(options.label);
  made.addEventListener('click', options.onClick);
  return {
    element: made,
    setEnabled(isEnabled) {
      setAttributes(made, { disabled: !isEnabled });
    },
    setVisible(isVisible) {
      made.hidden = !isVisible;
    },
    setLabel(label) {
      setText(made, label);
    },
  };
}
