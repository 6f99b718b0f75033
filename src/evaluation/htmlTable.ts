import type { WrittenTable } from '../protocol/reportTable.ts';
import { html, type Markup } from '../drawings/html.ts';

/** A table whose first column holds the headings of the rows. Wide ones are scrolled on their own. */
export function htmlTable({ head, rows }: WrittenTable): Markup {
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${head.map((title) => html`<th scope="col">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([heading, ...cells]) =>
            html`<tr>
              <th scope="row">${heading ?? ''}</th>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
