import type { ShownSample } from '../protocol/quality.ts';
import type { ReportSection, SectionSample } from '../protocol/reportSection.ts';
import { inEnglish } from '../protocol/reportText.ts';
import { writtenTable } from '../protocol/reportSection.ts';
import { drawFigure } from '../drawings/drawFigure.ts';
import { html, type Markup } from '../drawings/html.ts';
import { htmlTable } from './htmlTable.ts';

/** A part of the report for `report.html`: what it says, its drawing and its table, which is folded away where it is long. */
export function htmlSection({ title, sentences, figure, table, samples, isLong }: ReportSection): Markup {
  const written = table && htmlTable(writtenTable(table));
  const heading = inEnglish(title);
  return html`<section>
    <h2>${heading}</h2>
    ${sentencesOf(sentences.map(inEnglish))}
    ${figure ? html`<figure>${drawFigure(figure, heading, inEnglish)}</figure>` : null}
    ${
      written && isLong
        ? html`<details>
            <summary>${heading}, as a table</summary>
            ${written}
          </details>`
        : (written ?? null)
    }
    ${
      samples
        ? html`<ul class="samples">
            ${samples.map(sampleItem)}
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

function sampleItem({ shown, heading, lines }: SectionSample): Markup {
  return html`<li>
    ${shown && sampleBody(shown, inEnglish(heading))}
    <strong>${inEnglish(heading)}</strong>
    ${lines.map((line) => html`<span>${inEnglish(line)}</span>`)}
  </li>`;
}

function sampleBody(shown: ShownSample, title: string): Markup {
  switch (shown.kind) {
    case 'picture':
      return html`<img src="${shown.picture}" alt="${title}" />`;
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
