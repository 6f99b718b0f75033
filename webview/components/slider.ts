import { element, setText } from '../dom.ts';

/** A number between two ends. The toolkit has none; the browser's own follows the theme's colour. */
export function slider(options: {
  readonly testId: string;
  readonly label: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly step: number;
  readonly value: number;
  readonly format: (value: number) => string;
  readonly onChange: (value: number) => void;
}): HTMLElement {
  const { testId, label, minimum, maximum, step, value, format, onChange } = options;
  const input = element('input', { type: 'range', min: minimum, max: maximum, step, 'data-testid': testId });
  const shown = element('span', { class: 'slider-value' });
  const show = (): void => {
    const text = format(input.valueAsNumber);
    input.setAttribute('aria-valuetext', text);
    setText(shown, text);
  };
  input.value = String(value);
  show();
  input.addEventListener('input', () => {
    show();
    onChange(input.valueAsNumber);
  });
  return element('label', { class: 'slider' }, element('span', {}, label), input, shown);
}
