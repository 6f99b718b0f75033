import { label } from '../wording/reportText.ts';
import { html, type Markup } from './html.ts';
import { shortenName } from './shortenName.ts';
import type { Write } from './write.ts';

/** Side of a cell, and most classes whose counts fit into their cells. */
const CELL = { largest: 36, smallest: 6, withCount: 24 };
/** Width and height that the cells take at most. */
const LARGEST = 560;
/** Letters of a class's name that fit beside the matrix. */
const LETTERS = 14;
/** Letters that fit above a column. */
const SHORT = 2;

/**
 * A confusion matrix as squares, the darker the larger the share of the row's samples; what is right in one colour and what is
 * wrong in another.
 *
 * @param counts rows are true classes, columns chosen ones
 */
export function confusionChart(
  counts: readonly (readonly number[])[],
  classes: readonly string[],
  title: string,
  write: Write,
): Markup {
  const cell = Math.max(CELL.smallest, Math.min(CELL.largest, Math.floor(LARGEST / classes.length)));
  const isNamed = cell >= 10;
  const longest = Math.max(...classes.map(({ length }) => length));
  const margin = isNamed ? 14 + 7 * Math.min(LETTERS, longest) : 16;
  const size = margin + cell * classes.length;
  return html`<svg
    class="drawing"
    width="${size}"
    viewBox="0 0 ${size} ${size}"
    role="img"
    aria-label="${write(label('{0}; the numbers are in the table below', title))}"
  >
    ${isNamed ? classes.map((name, index) => headings(name, { margin, middle: margin + cell * (index + 0.5), longest })) : null}
    ${counts.map((row, truth) => {
      const total = row.reduce((sum, count) => sum + count, 0);
      return row.map((count, chosen) =>
        count === 0
          ? null
          : square(count, {
              share: count / total,
              isRight: truth === chosen,
              x: margin + cell * chosen,
              y: margin + cell * truth,
              cell,
            }),
      );
    })}
    <rect
      class="frame"
      x="${margin - 1}"
      y="${margin - 1}"
      width="${cell * classes.length}"
      height="${cell * classes.length}"
    />
  </svg>`;
}

/** The name of a class beside its row and above its column. */
function headings(
  name: string,
  { margin, middle, longest }: { readonly margin: number; readonly middle: number; readonly longest: number },
): Markup {
  return html`<text x="${margin - 6}" y="${middle}" text-anchor="end" dominant-baseline="middle">
      ${shortenName(name, LETTERS)}
    </text>
    ${
      // Names as short as numbers need no turning.
      longest <= SHORT
        ? html`<text x="${middle}" y="${margin - 6}" text-anchor="middle">${name}</text>`
        : html`<text transform="translate(${middle} ${margin - 6}) rotate(-90)" dominant-baseline="middle">
            ${shortenName(name, LETTERS)}
          </text>`
    }`;
}

interface Square {
  /** Of the samples of the row, 0…1. */
  readonly share: number;
  readonly isRight: boolean;
  readonly x: number;
  readonly y: number;
  readonly cell: number;
}

function square(count: number, { share, isRight, x, y, cell }: Square): Markup {
  const side = cell - (cell > 12 ? 2 : 0);
  const opacity = isRight ? 0.12 + 0.5 * share : Math.min(0.65, 0.12 + 2 * share);
  return html`<rect
      class="${isRight ? 'right' : 'wrong'}"
      x="${x}"
      y="${y}"
      width="${side}"
      height="${side}"
      fill-opacity="${opacity.toFixed(3)}"
    />
    ${
      cell >= CELL.withCount
        ? html`<text
            class="count"
            x="${x + side / 2}"
            y="${y + side / 2}"
            text-anchor="middle"
            dominant-baseline="central"
          >
            ${count}
          </text>`
        : null
    }`;
}
