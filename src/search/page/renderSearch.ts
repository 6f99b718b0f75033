import { htmlPage } from '../../rendering/htmlPage.ts';
import { htmlTable } from '../../rendering/htmlTable.ts';
import { html, type Markup } from '../../report/drawings/html.ts';
import { formatPercent } from '../../report/format.ts';
import { english, type ReportLanguage } from '../../rendering/reportLanguage.ts';
import type { SearchResult, TrialOutcome } from '../searchResult.ts';
import { drawAims } from './drawAims.ts';
import { drawCoordinates } from './drawCoordinates.ts';
import type { Translate } from './pageTexts.ts';
import { endSentence, goesSentence } from './searchSentences.ts';
import { searchTable, titleOf, writeFigure } from './searchTable.ts';
import { shortNames } from './shortNames.ts';
import { filePage, linked, type TrialPage } from './trialPage.ts';
import { trialStyle } from './trialStyle.ts';

/** The page of a search, `search.html`: its aims against each other, all trials across the searched fields, and as a table. */
export function renderSearch(result: SearchResult, { code, t }: ReportLanguage = english): string {
  const page = filePage(t);
  const [best, ...others] = result.trials.filter(({ isOnFront }) => isOnFront);
  const summary = [
    goesSentence(result, t),
    endSentence(result, t),
    best ? bestSentence(result, result.trials.find(({ number }) => number === result.front[0]) ?? best, t) : '',
    others.length > 0 ? t('No other trial beats {0} more.', others.length) : '',
  ];
  const shown = summary.filter((sentence) => sentence !== '').join(' ');
  return htmlPage({ title: result.name, summary: shown, body: searchBody(result, page), language: code });
}

function bestSentence({ aims }: SearchResult, best: TrialOutcome, t: Translate): string {
  const figures = aims.map(({ name }) => `${titleOf(name, t)} ${writeFigure(name, best[name])}`).join(', ');
  return t('Best on the validation split: trial {0} ({1}).', best.number, figures);
}

/** What the page shows below its summary. */
export function searchBody(result: SearchResult, page: TrialPage): Markup {
  const { importance, trials } = result;
  const { t } = page;
  const drawings = [drawAims(result, page), drawCoordinates(result, page)].filter((drawing) => drawing !== null);
  return html`${drawings.length === 0 ? null : legend(t)}
    <div class="charts">${drawings}</div>
    ${importance.length === 0 ? null : importanceSection(importance, page)}
    ${trials.length === 0 ? null : trialsSection(result, page)}`;
}

/** Every trial as a row. */
function trialsSection(result: SearchResult, page: TrialPage): Markup {
  const { trials } = result;
  const { t } = page;
  const table = searchTable(result, trials, t);
  const names = shortNames(trials.flatMap(({ values }) => Object.keys(values)));
  const head = table.head.map((title) => names.get(title) ?? title);
  return html`<h2>${t('Trials')}</h2>
    ${htmlTable(t('Trials'), { ...table, head }, (heading, row) => {
      const trial = trials[row];
      return trial ? linked(trial, html`${heading}`, page) : heading;
    })}`;
}

/** What the colours of points and lines mean, in both drawings. */
function legend(t: Translate): Markup {
  const item = (isOnFront: boolean, meaning: string): Markup => {
    const { style, radius, pointOpacity, lineOpacity } = trialStyle(isOnFront);
    return html`<li>
      <svg class="drawing" width="34" height="12" viewBox="0 0 34 12" aria-hidden="true">
        <line class="line ${style}" x1="0" x2="34" y1="6" y2="6" opacity="${lineOpacity}" />
        <circle class="${style}" cx="17" cy="6" r="${radius}" opacity="${pointOpacity}" />
      </svg>
      ${meaning}
    </li>`;
  };
  return html`<ul class="legend">
    ${item(true, t('Trials that no other one beats'))} ${item(false, t('Other trials'))}
  </ul>`;
}

function importanceSection(importance: SearchResult['importance'], { t }: TrialPage): Markup {
  const rows = importance.map(({ name, share }) => [name, formatPercent(share, 0)]);
  return html`<h2>${t('What decides')}</h2>
    <p>
      ${t('How much of the differences between the finished trials, in the first aim, each field explains on its own.')}
    </p>
    ${htmlTable(t('What decides'), { head: [t('Field'), t('Share')], rows })}`;
}
