import { provideVSCodeDesignSystem, vsCodeTextField } from '@vscode/webview-ui-toolkit';
import { setAttributes } from '../dom.ts';
import type { Control, ControlOptions } from './control.ts';

provideVSCodeDesignSystem().register(vsCodeTextField());

export function textField(
  options: ControlOptions<string> & { readonly placeholder?: string; readonly isNumeric?: boolean },
): Control<string> {
  const made = document.createElement('vscode-text-field') as HTMLElement & { value: string };
  setAttributes(made, {
    'data-testid': options.testId,
    'aria-label': options.label,
    placeholder: options.placeholder,
    spellcheck: 'false',
    ...(options.isNumeric === true && { inputmode: 'decimal' }),
  });
  made.addEventListener('input', () => {
    options.onChange(made.value);
  });
  return {
    element: made,
    setValue(value) {
      // Setting what is there already would move the cursor.
      if (made.value !== value) made.value = value;
    },
    setEnabled(isEnabled) {
      setAttributes(made, { disabled: !isEnabled });
    },
    setProblem(problem) {
      setAttributes(made, { 'aria-invalid': problem === undefined ? undefined : 'true', title: problem });
      made.classList.toggle('invalid', problem !== undefined);
    },
  };
}
