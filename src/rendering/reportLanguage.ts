import { readFileSync } from 'node:fs';
import { packagedFile } from '../platform/packageFiles.ts';
import { inEnglish, type ReportText } from '../report/wording/reportText.ts';
import { writeText } from '../report/wording/writeText.ts';

/** The language of a report's page. */
export interface ReportLanguage {
  /** As an HTML document names it. */
  readonly code: string;
  /** A text of the page, by its English, with {0}, {1} filled in. */
  readonly t: (message: string, ...values: readonly (string | number)[]) => string;
  /** A text of the report. */
  readonly write: (text: ReportText) => string;
}

/** Codes of the languages that reports can be written in. */
export const reportLanguages = ['en', 'zh-cn'] as const;

export const english: ReportLanguage = { code: 'en', t: filled, write: inEnglish };

/**
 * A language that a report can be written in; English for one that it cannot.
 * @param code as VS Code names languages
 */
export function reportLanguage(code: string | undefined): ReportLanguage {
  const known = reportLanguages.find((language) => language === code?.toLowerCase());
  if (known === undefined || known === 'en') return english;
  const bundle = JSON.parse(readFileSync(packagedFile(`l10n/bundle.l10n.${known}.json`), 'utf8')) as Record<
    string,
    string
  >;
  return languageOf(known, bundle);
}

/** A language from the translations of its texts. */
export function languageOf(code: string, translations: Readonly<Record<string, string | undefined>>): ReportLanguage {
  const t: ReportLanguage['t'] = (message, ...values) => filled(translations[message] ?? message, ...values);
  return { code, t, write: (text) => writeText(text, t) };
}

function filled(message: string, ...values: readonly (string | number)[]): string {
  return message.replace(/\{(\d+)\}/g, (place, index: string) => String(values[Number(index)] ?? place));
}
