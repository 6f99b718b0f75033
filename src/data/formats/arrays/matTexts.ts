import { elementAt, numbersOf } from './matElements.ts';

/** Types of elements whose bytes are UTF-8. */
const UTF8 = 16;
/** UTF-16, which is kept as numbers of 16 bits. */
const [UTF16, UINT16] = [17, 4];

/**
 * The rows of a matrix of characters of MATLAB as texts, without the blanks that fill them up; undefined where it has more than two axes or none.
 * @param start where its characters begin
 */
export function textsOfMatrix(
  bytes: Buffer,
  start: number,
  little: boolean,
  shape: readonly number[],
): readonly string[] | undefined {
  const [rows = 0, columns = 0, ...others] = shape;
  if (others.length > 0 || rows * columns === 0) return undefined;
  const element = elementAt(bytes, start, little);
  const characters =
    element.type === UTF8
      ? Array.from(element.content.toString('utf8'))
      : Array.from(numbersOf(element.type === UTF16 ? { ...element, type: UINT16 } : element, little), (unit) =>
          String.fromCharCode(unit),
        );
  if (characters.length !== rows * columns) throw new Error('it has fewer or more characters than it says');
  // The first axis lies closest together.
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (__, column) => characters[row + column * rows] ?? '')
      .join('')
      .trimEnd(),
  );
}
