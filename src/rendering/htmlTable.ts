import type { WrittenTable } from '../report/reportTable.ts';
import { html, type Markup } from '../report/drawings/html.ts';

/**
 * A table whose first column holds the headings of the rows. Wide ones are scrolled on their own.
 * @param writeHeading what the heading of a row becomes, where it is more than its text
 * @param writeTitle the same for the heading of a column
 */
export function htmlTable(
  { head, rows }: WrittenTable,
  writeHeading: (heading: string, row: number) => Markup | string = (heading) => heading,
  writeTitle: (title: string, column: number) => Markup | string = (title) => title,
): Markup {
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${head.map((title, column) => html`<th scope="col">${writeTitle(title, column)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([heading = '', ...cells], row) =>
            html`<tr>
              <th scope="row">${writeHeading(heading, row)}</th>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
