import { provideVSCodeDesignSystem, vsCodeDropdown, vsCodeOption } from '@vscode/webview-ui-toolkit';
import { setAttributes } from '../dom.ts';
import { markProblem, type Control, type ControlOptions } from './control.ts';

provideVSCodeDesignSystem().register(vsCodeDropdown(), vsCodeOption());

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export function dropdown(options: ControlOptions<string> & { readonly choices: readonly Choice[] }): Control<string> {
  const made = document.createElement('vscode-dropdown') as HTMLElement & { value: string };
  setAttributes(made, {
    'data-testid': options.testId,
    'aria-label': options.label,
    'aria-description': options.description,
  });
  for (const { value, label } of options.choices) {
    const option = document.createElement('vscode-option');
    setAttributes(option, { value });
    option.append(label);
    made.append(option);
  }
  made.addEventListener('change', () => {
    options.onChange(made.value);
  });
  return {
    element: made,
    setValue(value) {
      // Until the element is connected it has no options to choose from, but it has the attribute.
      for (const option of made.children) setAttributes(option, { selected: option.getAttribute('value') === value });
      if (made.isConnected) made.value = value;
    },
    setEnabled(isEnabled) {
      setAttributes(made, { disabled: !isEnabled });
    },
    setProblem(problem) {
      markProblem(made, problem, options.description);
    },
  };
}
