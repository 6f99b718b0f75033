import type { JsonSchema } from '../../experiment/jsonSchema.ts';
import type { NumbersField } from '../../protocol/form.ts';

/** Widths that students have, each some 1.3 to 1.5 times the one before. */
const WIDTHS = [2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 800, 1024, 1536, 2048];
/** More layers than this are written, not slid to. */
const MOST_LAYERS = 8;

/** The numbers of a student that decide its size, and the values that a slider of them goes through. */
const SCALES: Readonly<Record<string, readonly number[]>> = {
  'student.width': [0.0625, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 1, 1.25, 1.5, 2],
  'student.depth': range(1, 10),
  'student.layers': range(1, 12),
  'student.embedding': WIDTHS.slice(4),
  'student.filters': WIDTHS.slice(2),
  'student.bottleneck': WIDTHS.slice(0, -4),
  'student.shrink': range(1, 19).map((twentieths) => twentieths / 20),
};

/** The values that a slider of a number goes through; undefined for a number that has none. */
export function scaleOf(path: string): readonly number[] | undefined {
  return path === 'student.hidden' ? WIDTHS.slice(6).filter((width) => width % 8 === 0) : SCALES[path];
}

/** How sliders change the widths of a student's layers; undefined for other lists, and for layers that there are usually none of. */
export function layersOf(
  path: string,
  usual: readonly number[],
  { minItems = 0, maxItems = MOST_LAYERS }: JsonSchema,
): NumbersField['layers'] {
  if (usual.length === 0 || (path !== 'student.hidden' && path !== 'student.channels')) return undefined;
  return { scale: WIDTHS, least: minItems, most: Math.min(maxItems, MOST_LAYERS) };
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
