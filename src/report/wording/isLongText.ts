/** Longer than figures with their units and intervals are, which stand on one line. */
const LONG = 32;

/** Whether a cell of a table holds so much that it may take several lines, as a list of classes or the path of a file does. */
export function isLongText(text: string): boolean {
  return text.length > LONG;
}
