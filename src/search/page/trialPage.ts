import { html, type Markup } from '../../report/drawings/html.ts';
import type { TrialOutcome } from '../searchResult.ts';
import type { Translate } from './pageTexts.ts';

/** Where a search is shown: in which language, and what a trial's point, line and row lead to. */
export interface TrialPage {
  readonly t: Translate;
  /** Null where there is nothing to go to. */
  readonly linkOf: (trial: TrialOutcome) => string | null;
}

/** `search.html`, beside the trials' run folders: finished trials lead to their reports. */
export function filePage(t: Translate): TrialPage {
  return { t, linkOf: ({ state, folder }) => (state === 'finished' ? `${folder}/report.html` : null) };
}

/** A part of the page that leads to a trial. */
export function linked(trial: TrialOutcome, content: Markup, { linkOf }: TrialPage): Markup {
  const target = linkOf(trial);
  return target === null ? content : html`<a href="${target}">${content}</a>`;
}
