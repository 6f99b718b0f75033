import { element } from '../dom.ts';

/** Figures beside each other. */
export function line(figures: readonly (string | HTMLElement)[]): HTMLElement {
  const parts = figures.flatMap((figure, index) => (index === 0 ? [figure] : [' · ', figure]));
  return element('p', { class: 'facts-figures' }, ...parts);
}

/** What a person should check. */
export function warned(warnings: readonly string[]): readonly HTMLElement[] {
  return warnings.map((warning) => element('p', { class: 'facts-warning' }, warning));
}
