/** A text that belongs to a point. */
export interface PointLabel {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

/** A text where it is written: its baseline, and which end of it is at x. */
export interface PlacedLabel extends PointLabel {
  readonly anchor: 'start' | 'end';
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const LETTER_WIDTH = 6.8;
const LINE_HEIGHT = 14;
const GAP = 9;

/**
 * Places texts beside their points, so that they hide neither each other nor another point where there is room for that: above or below,
 * to the right or the left, and further away where it is crowded.
 *
 * @param frame that no text may leave
 * @param written texts that stand there already
 */
export function placeLabels(
  points: readonly PointLabel[],
  frame: Box,
  written: readonly PlacedLabel[] = [],
): readonly PlacedLabel[] {
  const taken: Box[] = [
    ...points.map(({ x, y }) => ({ left: x - 7, right: x + 7, top: y - 7, bottom: y + 7 })),
    ...written.map(boxOf),
  ];
  return points.map(({ text, x, y }) => {
    const places = [-8, 17, -22, 31, -36, 45].flatMap((below) =>
      (['start', 'end'] as const).map((anchor) => ({
        text,
        x: anchor === 'start' ? x + GAP : x - GAP,
        y: y + below,
        anchor,
      })),
    );
    const inside = places.filter((place) => isWithin(boxOf(place), frame));
    const free = inside.find((place) => !taken.some((box) => overlaps(box, boxOf(place))));
    const chosen = free ?? inside[0] ?? { text, x: x + GAP, y, anchor: 'start' as const };
    taken.push(boxOf(chosen));
    return chosen;
  });
}

function boxOf({ text, x, y, anchor }: PlacedLabel): Box {
  const width = text.length * LETTER_WIDTH;
  const left = anchor === 'start' ? x : x - width;
  return { left, right: left + width, top: y - LINE_HEIGHT + 3, bottom: y + 3 };
}

function overlaps(one: Box, other: Box): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

function isWithin(box: Box, frame: Box): boolean {
  return box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom;
}
