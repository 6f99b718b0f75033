import type { ShownSample } from '../report/quality.ts';
import { type ReportSection, type SectionSample, writtenTable } from '../report/reportSection.ts';
import { drawFigure } from '../report/drawings/drawFigure.ts';
import { drawingArea } from '../report/drawings/drawingArea.ts';
import { html, type Markup } from '../report/drawings/html.ts';
import { htmlTable } from './htmlTable.ts';
import { english, type ReportLanguage } from './reportLanguage.ts';

/** A part of the report for `report.html`: what it says, its drawing and its table, which is folded away where it is long. */
export function htmlSection(section: ReportSection, { t, write }: ReportLanguage = english): Markup {
  const { title, sentences, figure, table, samples, isLong } = section;
  const heading = write(title);
  const written = table && htmlTable(heading, writtenTable(table, write));
  return html`<section>
    <h2>${heading}</h2>
    ${sentencesOf(sentences.map(write))}
    ${figure ? html`<figure>${drawingArea(heading, drawFigure(figure, heading, write))}</figure>` : null}
    ${
      written && isLong
        ? html`<details>
            <summary>${t('{0}, as a table', heading)}</summary>
            ${written}
          </details>`
        : (written ?? null)
    }
    ${
      samples
        ? html`<ul class="samples">
            ${samples.map((sample) => sampleItem(sample, write))}
          </ul>`
        : null
    }
  </section>`;
}

function sentencesOf(sentences: readonly string[]): Markup {
  if (sentences.length <= 1) return html`${sentences.map((sentence) => html`<p>${sentence}</p>`)}`;
  return html`<ul>
    ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
  </ul>`;
}

function sampleItem({ shown, heading, lines }: SectionSample, write: ReportLanguage['write']): Markup {
  return html`<li>
    ${shown && sampleBody(shown, write(heading))}
    <strong>${write(heading)}</strong>
    ${lines.map((line) => html`<span>${write(line)}</span>`)}
  </li>`;
}

function sampleBody(shown: ShownSample, title: string): Markup {
  switch (shown.kind) {
    case 'picture':
      return html`<img src="${shown.picture}" alt="${title}" />`;
    case 'series':
      return html`<img class="series" src="${shown.picture}" alt="${title}" />`;
    case 'features':
      return html`<dl class="features">
        ${shown.features.map(
          ({ name, value }) =>
            html`<dt>${name}</dt>
              <dd>${value}</dd>`,
        )}
      </dl>`;
    case 'text':
      return html`<blockquote>${shown.text}</blockquote>`;
  }
}
