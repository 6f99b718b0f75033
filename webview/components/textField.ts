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
    placeholder: options.placeholder,
    spellcheck: 'false',
    ...(options.isNumeric === true && { inputmode: 'decimal' }),
  });
  // The toolkit takes its content for the accessible name; the style sheet hides it, for a label stands beside it.
  made.append(options.label);
  let problem: string | undefined;
  const describe = (): void => {
    // The toolkit passes no description on to the input inside of it.
    const input = made.shadowRoot?.querySelector('input');
    const description = [problem, options.description].filter((text) => text !== undefined).join('. ');
    if (input) setAttributes(input, { 'aria-description': description === '' ? undefined : description });
  };
  made.addEventListener('focusin', describe);
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
    setProblem(message) {
      problem = message;
      describe();
      setAttributes(made, { 'aria-invalid': problem === undefined ? undefined : 'true' });
      made.classList.toggle('invalid', problem !== undefined);
    },
  };
}
