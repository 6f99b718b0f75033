/** A piece of a line that is shown when there is room; the lower its rank, the later it is dropped. */
export interface Piece {
  readonly text: string;
  readonly rank: number;
}

const SEPARATOR = '  ';
const LONGEST_BAR = 30;
const SHORTEST_BAR = 8;

/**
 * A line of progress that is never wider than `width`: a name, a bar of the share done, and as many pieces as there is
 * room for, in the order given.
 */
export function fitLine(name: string, share: number, pieces: readonly Piece[], width: number): string {
  let shown = pieces.filter((piece) => piece.text !== '');
  const withoutBar = () => [name, ...shown.map((piece) => piece.text)].join(SEPARATOR);
  const room = () => width - withoutBar().length - SEPARATOR.length;
  while (shown.length > 0 && room() < SHORTEST_BAR) {
    const last = Math.max(...shown.map((piece) => piece.rank));
    if (last === 0) break;
    shown = shown.filter((piece) => piece.rank !== last);
  }
  if (room() < SHORTEST_BAR) return cut(withoutBar(), width);
  const drawn = bar(share, Math.min(LONGEST_BAR, room()));
  return [name, drawn, ...shown.map((piece) => piece.text)].join(SEPARATOR);
}

/** Shortens text that is too wide. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

function bar(share: number, length: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * length);
  return `${'█'.repeat(filled)}${'░'.repeat(length - filled)}`;
}
