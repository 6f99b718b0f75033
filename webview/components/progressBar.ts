import { element, setAttributes } from '../dom.ts';

export interface ProgressBar {
  readonly element: HTMLElement;
  /** 0…1; undefined while nobody knows. */
  setValue(value: number | undefined): void;
}

/** The toolkit has a ring only, so this is the browser's own bar. */
export function progressBar(options: { readonly testId: string; readonly label: string }): ProgressBar {
  const made = element('progress', { 'data-testid': options.testId, 'aria-label': options.label, max: 1 });
  return {
    element: made,
    setValue(value) {
      setAttributes(made, { value });
    },
  };
}
