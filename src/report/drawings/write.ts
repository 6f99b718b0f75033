import type { ReportText } from '../wording/reportText.ts';

/** Puts a text of the report into the reader's language. */
export type Write = (text: ReportText) => string;
