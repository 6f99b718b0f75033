export interface Pixel {
  readonly x: number;
  readonly y: number;
}

/**
 * A line of many points with no more of them than can be told apart: of those within the same column of pixels the first, the highest, the
 * lowest and the last, which draw the same (M4: Jugel, Jerzak, Hackenbroich and Markl, "M4: A Visualization-Oriented Time Series Data
 * Aggregation", VLDB 2014).
 *
 * @param points in pixels, from left to right
 */
export function outlineOf(points: readonly Pixel[]): readonly Pixel[] {
  const columns = new Map<number, Pixel[]>();
  for (const point of points) {
    const column = columns.get(Math.floor(point.x));
    if (column) column.push(point);
    else columns.set(Math.floor(point.x), [point]);
  }
  return [...columns.values()].flatMap((column) => {
    const highest = column.reduce((one, other) => (other.y < one.y ? other : one));
    const lowest = column.reduce((one, other) => (other.y > one.y ? other : one));
    const chosen = new Set([column[0], highest, lowest, column.at(-1)]);
    return column.filter((point) => chosen.has(point));
  });
}
