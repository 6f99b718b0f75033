import type { Random } from '../../random.ts';
import type { ControlPoint, Stroke } from './glyphs.ts';

/** Points along a stroke, close enough to be joined by straight lines: x and y alternate. */
export type Polyline = Float64Array;

const POINTS_PER_SPAN = 6;

/** Moves every control point a little; `deviation` is in units of the digit's box. */
export function jitter(strokes: readonly Stroke[], deviation: number, random: Random): Stroke[] {
  return strokes.map((stroke) =>
    stroke.map(([x, y, kind]): ControlPoint => {
      const moved = [x + random.normal(0, deviation), y + random.normal(0, deviation)] as const;
      return kind ? [...moved, kind] : moved;
    }),
  );
}

/** The smooth line through a stroke's control points: a Catmull–Rom spline between any two corners. */
export function trace(stroke: Stroke): Polyline {
  const spans = stroke.length - 1;
  const line = new Float64Array(2 * (spans * POINTS_PER_SPAN + 1));
  let position = 0;
  const put = (x: number, y: number): void => {
    line[position++] = x;
    line[position++] = y;
  };
  for (let span = 0; span < spans; span++) {
    const start = pointAt(stroke, span);
    const end = pointAt(stroke, span + 1);
    const before = span === 0 || start[2] === 'corner' ? start : pointAt(stroke, span - 1);
    const after = span === spans - 1 || end[2] === 'corner' ? end : pointAt(stroke, span + 2);
    for (let step = 0; step < POINTS_PER_SPAN; step++) {
      const t = step / POINTS_PER_SPAN;
      put(catmullRom(before[0], start[0], end[0], after[0], t), catmullRom(before[1], start[1], end[1], after[1], t));
    }
  }
  const last = pointAt(stroke, spans);
  put(last[0], last[1]);
  return line;
}

function pointAt(stroke: Stroke, index: number): ControlPoint {
  return stroke[index] ?? [0, 0];
}

function catmullRom(before: number, start: number, end: number, after: number, t: number): number {
  const linear = end - before;
  const quadratic = 2 * before - 5 * start + 4 * end - after;
  const cubic = -before + 3 * start - 3 * end + after;
  return start + 0.5 * t * (linear + t * (quadratic + t * cubic));
}
