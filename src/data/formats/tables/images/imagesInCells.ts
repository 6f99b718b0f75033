import { pathProblem, refuseIfAny, shortList } from '../../../findings/problems.ts';
import { isMissing } from '../numbers/parseNumber.ts';
import type { Table, WordColumn } from '../column.ts';

/** An address that has its data with it, and how the bytes of PNG, JPEG, GIF, WebP and TIFF begin in base64. */
const DATA_URL = /^data:image\/[-+.\w]+;base64,/i;
const BEGINNINGS = /^(?:iVBORw0KGgo|\/9j\/|R0lGOD[dl]|UklGR|SUkqA|TU0AK)/;
const BASE64 = /^[\w+/-]+={0,2}$/;
/** What is shorter is no image. */
const LEAST_LENGTH = 40;

/**
 * The table with the images that the cells of a column are, written as text in base64, alone or as a data URL; undefined where there is no such column.
 *
 * @throws BadInputError naming every row whose cell is no such text
 */
export function imagesInCells(table: Table): Table | undefined {
  const column = table.columns.find(
    (each): each is WordColumn => each.kind === 'words' && isOfImages(each.words.filter((word) => !isMissing(word))),
  );
  if (!column) return undefined;
  const cells = Array.from({ length: table.count }, (_, row) => column.words[column.codes[row] ?? 0] ?? '');
  const written = cells.map((cell) => cell.trim().replace(DATA_URL, '').replace(/\s+/g, ''));
  const problems = written.flatMap((text, row) =>
    BASE64.test(text)
      ? []
      : [
          pathProblem(
            `Line ${table.lineOf(row)} of ${table.file} has no image in the column '${column.name}', which has images in base64.`,
            'Every row needs its image, or remove the row.',
          ),
        ],
  );
  refuseIfAny(shortList(problems, 'lines'));
  return {
    ...table,
    columns: table.columns.filter((each) => each !== column),
    images: written.map((text, row) => ({
      name: `line ${table.lineOf(row)} of ${table.file}`,
      content: Buffer.from(text, 'base64'),
    })),
    notes: [...(table.notes ?? []), `${table.file}: the column '${column.name}' holds the images, in base64.`],
  };
}

/** Whether most cells are images, so that a damaged one among them is found. */
function isOfImages(cells: readonly string[]): boolean {
  const [first, ...others] = cells.slice(0, 20);
  if (first === undefined) return false;
  return [first, ...others].filter(isImage).length > cells.slice(0, 20).length / 2;
}

function isImage(cell: string): boolean {
  const text = cell.trimStart();
  return text.length >= LEAST_LENGTH && (DATA_URL.test(text.slice(0, 100)) || BEGINNINGS.test(text));
}
