import { translateFound } from '../../src/report/wording/foundSentences.ts';
import { element } from '../dom.ts';
import { t } from '../l10n.ts';

/** Figures beside each other. */
export function line(figures: readonly (string | HTMLElement)[]): HTMLElement {
  const parts = figures.flatMap((figure, index) => (index === 0 ? [figure] : [' · ', figure]));
  return element('p', { class: 'facts-figures' }, ...parts);
}

/** What a person should check. */
export function warned(warnings: readonly string[]): readonly HTMLElement[] {
  return warnings.map((warning) => element('p', { class: 'facts-warning' }, found(warning)));
}

/** What was found out, in the person's language as far as it is known there. */
export function found(sentence: string): string {
  return translateFound(sentence, t);
}
