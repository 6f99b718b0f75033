import type { ReportText } from '../../src/report/wording/reportText.ts';
import { writeText } from '../../src/report/wording/writeText.ts';
import { t } from '../l10n.ts';

/** A text of the report in the person's language. */
export function written(text: ReportText): string {
  return writeText(text, t);
}
