import { translateFound } from './foundSentences.ts';
import type { ReportText } from './reportText.ts';

/**
 * A text of the report in a person's language.
 * @param t the English text with {0}, {1}… and the values for them, in that language
 */
export function writeText(text: ReportText, t: (label: string, ...values: string[]) => string): string {
  if (typeof text === 'string') return text;
  if ('found' in text) return translateFound(text.found, t);
  if ('code' in text) return text.code;
  return t(text.label, ...text.values.map((value) => writeText(value, t)));
}
