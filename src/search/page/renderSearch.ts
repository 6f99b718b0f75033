import { htmlPage } from '../../rendering/htmlPage.ts';
import { htmlTable } from '../../rendering/htmlTable.ts';
import { html, type Markup } from '../../report/drawings/html.ts';
import { formatPercent } from '../../report/format.ts';
import type { SearchResult } from '../searchResult.ts';
import { drawAims } from './drawAims.ts';
import { drawCoordinates } from './drawCoordinates.ts';
import { searchTable, summaryOf } from './searchTable.ts';
import { filePage, linked, type TrialPage } from './trialPage.ts';

/** The page of a search, `search.html`: its aims against each other, all trials across the searched fields, and as a table. */
export function renderSearch(result: SearchResult): string {
  return htmlPage({ title: result.name, summary: summaryOf(result), body: searchBody(result, filePage) });
}

/** What the page shows below its summary. */
export function searchBody(result: SearchResult, page: TrialPage): Markup {
  const { importance, trials } = result;
  const { t } = page;
  const table = searchTable(result, trials, t);
  return html`${drawAims(result, page)} ${drawCoordinates(result, page)}
    ${importance.length === 0 ? null : importanceSection(importance, page)}
    <h2>${t('Trials')}</h2>
    ${htmlTable(table, (heading, row) => {
      const trial = trials[row];
      return trial ? linked(trial, html`${heading}`, page) : heading;
    })}`;
}

function importanceSection(importance: SearchResult['importance'], { t }: TrialPage): Markup {
  const rows = importance.map(({ name, share }) => [name, formatPercent(share, 0)]);
  return html`<h2>${t('What decides')}</h2>
    <p>
      ${t("Share of what the searched fields, each alone, explain of the first aim's variance over the finished trials.")}
    </p>
    ${htmlTable({ head: [t('Field'), t('Share')], rows })}`;
}
