import { htmlPage } from '../rendering/htmlPage.ts';
import { htmlTable } from '../rendering/htmlTable.ts';
import { html, type Markup } from '../report/drawings/html.ts';
import { summaryText } from '../report/wording/summaryText.ts';
import { writeText } from '../report/wording/writeText.ts';
import type { ComparedRun } from './comparedRun.ts';
import { costs } from '../report/compareReports.ts';
import type { RunComparison } from './compareRuns.ts';
import { cautionText, comparisonTables, type ComparisonTable, type Translate } from './comparisonTables.ts';
import { drawCurves } from './drawCurves.ts';
import { drawFront } from './drawFront.ts';
import { pointStyle } from './runStyle.ts';

/** Runs whose names fit into a line, and what came of them into a few. */
const MOST_IN_SUMMARY = 4;

/**
 * A comparison as one page that needs nothing else and runs no script.
 * @param runs those that were compared, in the same order
 * @param language as an HTML document names it
 */
export function renderComparisonPage(
  comparison: RunComparison,
  runs: readonly ComparedRun[],
  t: Translate,
  language: string,
): string {
  const fronts = costs.map((cost) => drawFront(comparison, cost, t)).filter((drawing) => drawing !== null);
  const curves = drawCurves(runs, t);
  const [figures, ...tables] = comparisonTables(comparison, t);
  const body = html`${comparison.cautions.map(
      (caution) => html`<p class="notice">${cautionText(caution, comparison, t)}</p>`,
    )}
    ${runs.length > MOST_IN_SUMMARY ? null : sentences(runs, t)} ${figures ? section(figures) : null}
    ${
      runs.length > MOST_IN_SUMMARY
        ? html`<details>
            <summary>${t('What came of each run')}</summary>
            ${sentences(runs, t)}
          </details>`
        : null
    }
    <h2>${t('Quality against cost')}</h2>
    <div class="charts">${fronts}</div>
    ${
      curves.length > 0
        ? html`<h2>${t('Training')}</h2>
            <div class="charts">${curves}</div>`
        : null
    }
    ${tables.map(section)}`;
  return htmlPage({
    title: t('Comparison of {0} runs', runs.length),
    // The list beneath names many of them better.
    summary: runs.length > MOST_IN_SUMMARY ? '' : runs.map(({ label }) => label).join(' · '),
    body,
    language,
  });
}

function sentences(runs: readonly ComparedRun[], t: Translate): Markup {
  return html`<ol>
    ${runs.map(({ label, report }, place) => html`<li>${point(place)} ${label}: ${writeText(summaryText(report), t)}</li>`)}
  </ol>`;
}

/** As a run is drawn. */
function point(place: number): Markup {
  return html`<svg width="12" height="12" aria-hidden="true">
    <circle style="${pointStyle(place)}" cx="6" cy="6" r="5" />
  </svg>`;
}

/** A table, in which each run bears the number and the colour that it has in the drawings. */
function section({ title, notes, head, rows, runsAre }: ComparisonTable): Markup {
  const isRow = runsAre === 'rows';
  const nameOf = (label: string, place: number): Markup =>
    html`<span class="run" title="${label}">${point(place)} ${place + 1}. ${label}</span>`;
  const table = htmlTable(
    title,
    { head, rows },
    (heading, row) => (isRow ? nameOf(heading, row) : heading),
    (text, column) => (isRow || column === 0 ? text : nameOf(text, column - 1)),
  );
  return html`<h2>${title}</h2>
    ${table} ${notes.map((note) => html`<p class="faint">${note}</p>`)}`;
}
