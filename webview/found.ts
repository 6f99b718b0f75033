import { translateFound } from '../src/report/wording/foundSentences.ts';
import { t } from './l10n.ts';

/** What was found out, in the person's language as far as it is known there. */
export function found(sentence: string): string {
  return translateFound(sentence, t);
}
