/** Colours that tell apart in light and dark; a chart's line takes them in turn, and another dash each time round. */
const COLOURS = ['--line-0', '--line-1', '--line-2', '--line-3', '--line-4'];
const DASHES = ['none', '8 3', '2 3', '10 3 2 3'];

/** How the run in a place of the comparison is drawn: the CSS that sets colour and dash. */
export function runStyle(place: number): string {
  const colour = COLOURS[place % COLOURS.length] ?? '';
  const dash = DASHES[Math.floor(place / COLOURS.length) % DASHES.length] ?? 'none';
  return `stroke: var(${colour}); stroke-dasharray: ${dash}`;
}

/** The same for a point, which is filled. */
export function pointStyle(place: number): string {
  return `fill: var(${COLOURS[place % COLOURS.length] ?? ''})`;
}
