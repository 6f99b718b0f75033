import type { Report } from '../report/report.ts';
import { inEnglish } from '../report/wording/reportText.ts';
import { summaryText } from '../report/wording/summaryText.ts';

/** The result of a run in one English sentence, such as "4.9× smaller, 3.2× faster, −0.3 points of accuracy, …". */
export function summarize(report: Omit<Report, 'summary'>): string {
  const sentence = inEnglish(summaryText(report));
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
