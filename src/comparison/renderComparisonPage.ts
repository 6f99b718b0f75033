import { htmlPage } from '../rendering/htmlPage.ts';
import { htmlTable } from '../rendering/htmlTable.ts';
import { html, type Markup } from '../report/drawings/html.ts';
import { summaryText } from '../report/wording/summaryText.ts';
import { writeText } from '../report/wording/writeText.ts';
import type { ComparedRun } from './comparedRun.ts';
import { costs } from '../report/compareReports.ts';
import type { RunComparison } from './compareRuns.ts';
import { cautionText, comparisonTables, type Translate } from './comparisonTables.ts';
import { drawCurves } from './drawCurves.ts';
import { drawFront } from './drawFront.ts';
import { pointStyle } from './runStyle.ts';

/** Runs whose names fit into a line. */
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
    <ol>
      ${runs.map(
        ({ label, report }, place) =>
          html`<li>
            <svg width="12" height="12" aria-hidden="true">
              <circle style="${pointStyle(place)}" cx="6" cy="6" r="5" />
            </svg>
            ${label}: ${writeText(summaryText(report), t)}
          </li>`,
      )}
    </ol>
    ${figures ? section(figures) : null}
    <h2>${t('Quality against cost')}</h2>
    ${fronts} ${curves.length > 0 ? html`<h2>${t('Training')}</h2>` : null} ${curves} ${tables.map(section)}`;
  return htmlPage({
    title: t('Comparison of {0} runs', runs.length),
    // The list beneath names many of them better.
    summary: runs.length > MOST_IN_SUMMARY ? '' : runs.map(({ label }) => label).join(' · '),
    body,
    language,
  });
}

function section({ title, notes, head, rows }: ReturnType<typeof comparisonTables>[number]): Markup {
  return html`<h2>${title}</h2>
    ${htmlTable({ head, rows })} ${notes.map((note) => html`<p class="faint">${note}</p>`)}`;
}
