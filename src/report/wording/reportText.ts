import type { ReportLabel } from './reportLabels.ts';

/** A text of the report with its values. */
export interface LabelledText {
  readonly label: ReportLabel;
  readonly values: readonly ReportText[];
}

/** A sentence that the run wrote down in English when it found something out. */
export interface FoundText {
  readonly found: string;
}

/** What stands in a file letter by letter, such as a line of an experiment. */
export interface CodeText {
  readonly code: string;
}

/** A text of the report; a plain string is a name or a figure, which is the same in every language. */
export type ReportText = LabelledText | FoundText | CodeText | string;

/** A text of the report with the values that its label has places for. */
export function label(text: ReportLabel, ...values: readonly ReportText[]): LabelledText {
  return { label: text, values };
}

/** The text in English. */
export function inEnglish(text: ReportText): string {
  if (typeof text === 'string') return text;
  if ('found' in text) return text.found;
  if ('code' in text) return text.code;
  return text.label.replace(/\{(\d+)\}/g, (place, index: string) => inEnglish(text.values[Number(index)] ?? place));
}
