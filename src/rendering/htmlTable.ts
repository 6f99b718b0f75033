import type { WrittenTable } from '../report/reportTable.ts';
import { html, type Markup } from '../report/drawings/html.ts';
import { isLongText } from '../report/wording/isLongText.ts';

/**
 * A table whose first column holds the headings of the rows. Wide ones are scrolled on their own, by key, too.
 * @param title what it is called by for those who do not see it
 * @param writeHeading what the heading of a row becomes, where it is more than its text
 * @param writeTitle the same for the heading of a column
 */
export function htmlTable(
  title: string,
  { head, rows }: WrittenTable,
  writeHeading: (heading: string, row: number) => Markup | string = (heading) => heading,
  writeTitle: (text: string, column: number) => Markup | string = (text) => text,
): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${title}">
    <table>
      <thead>
        <tr>
          ${head.map((text, column) => html`<th scope="col">${breakable(writeTitle(text, column))}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([heading = '', ...cells], row) =>
            html`<tr>
              <th scope="row">${breakable(writeHeading(heading, row))}</th>
              ${cells.map((cell) => (isLongText(cell) ? html`<td class="long">${cell}</td>` : html`<td>${cell}</td>`))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** A heading whose line may end behind a dot, so that the name of a field is divided between its parts and not within a word. */
function breakable(heading: Markup | string): Markup {
  if (typeof heading !== 'string') return heading;
  const [first = '', ...others] = heading.split(/(?<=\w\.)(?=[a-z])/i);
  return html`${first}${others.map((part) => html`<wbr />${part}`)}`;
}
