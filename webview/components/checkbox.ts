import { provideVSCodeDesignSystem, vsCodeCheckbox } from '@vscode/webview-ui-toolkit';
import { setAttributes } from '../dom.ts';
import { markProblem, type Control, type ControlOptions } from './control.ts';

provideVSCodeDesignSystem().register(vsCodeCheckbox());

/** A checkbox with its label beside it. */
export function checkbox(options: ControlOptions<boolean>): Control<boolean> {
  const made = document.createElement('vscode-checkbox') as HTMLElement & { checked: boolean };
  setAttributes(made, { 'data-testid': options.testId, 'aria-description': options.description });
  made.append(options.label);
  made.addEventListener('change', () => {
    options.onChange(made.checked);
  });
  return {
    element: made,
    setValue(value) {
      made.checked = value;
    },
    setEnabled(isEnabled) {
      setAttributes(made, { disabled: !isEnabled });
    },
    setProblem(problem) {
      markProblem(made, problem, options.description);
    },
  };
}
