import { element, setAttributes, setText } from '../dom.ts';
import { nearestIndex } from './nearestIndex.ts';

/** A slider that goes through the values of a scale. */
export interface ScaleSlider {
  readonly element: HTMLElement;
  /** Shows a value, which may lie between those of the scale. */
  readonly setValue: (value: number) => void;
  readonly setEnabled: (isEnabled: boolean) => void;
}

export function scaleSlider(options: {
  readonly testId: string;
  readonly label: string;
  /** Whether name and value stand beside it; where they stand elsewhere, it is named for those who do not see it. */
  readonly isNamed?: boolean;
  /** Rising. */
  readonly scale: readonly number[];
  readonly onChange: (value: number) => void;
}): ScaleSlider {
  const { testId, label, isNamed = true, scale, onChange } = options;
  const last = scale.length - 1;
  const input = element('input', {
    type: 'range',
    min: 0,
    max: last,
    step: 1,
    'data-testid': testId,
    'aria-label': isNamed ? undefined : label,
  });
  const shown = element('span', { class: 'slider-value' });
  const show = (value: number): void => {
    setText(shown, String(value));
    setAttributes(input, { 'aria-valuetext': String(value) });
  };
  input.addEventListener('input', () => {
    const value = scale[input.valueAsNumber];
    if (value === undefined) return;
    show(value);
    onChange(value);
  });
  return {
    element: isNamed
      ? element('label', { class: 'slider scale' }, element('span', {}, label), input, shown)
      : element('div', { class: 'slider scale unnamed' }, input),
    setValue(value) {
      input.value = String(nearestIndex(scale, value));
      show(value);
    },
    setEnabled(isEnabled) {
      input.disabled = !isEnabled;
    },
  };
}
