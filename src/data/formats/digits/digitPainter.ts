import { DistilleryError } from '../../../errors.ts';
import { randomStream, type Random } from '../../random.ts';
import { Canvas, SIDE } from './canvas.ts';
import { randomDistortion, type DistortionStrength } from './distortion.ts';
import { GLYPHS, type Glyph, type Glyphs } from './glyphs.ts';
import { jitter, trace, type Polyline } from './pen.ts';

/** Bytes of one image: 28×28, row by row, 0 background, 255 ink. */
export const DIGIT_BYTES = SIDE * SIDE;

const DISTORTION: DistortionStrength = {
  rotation: 0.1,
  slant: [0.12, 0.17],
  width: [0.75, 1.12],
  height: [0.87, 1.08],
  elastic: 0.035,
};

/** Height of the digit's box in pixels. */
const BOX = 19;

/** Draws digits; keep one and use it again, it owns the memory it draws in. */
export class DigitPainter {
  readonly #canvas = new Canvas();

  /**
   * Draws the digit `label` as sample `index` of the collection `seed` into `target` (784 bytes). The image depends
   * on these three alone: one version of Node draws it bit for bit alike on every machine, while the sine of another
   * version may round differently and, once in a while, change a byte by one.
   */
  draw(label: number, seed: number, index: number, target: Uint8Array): void {
    const random = randomStream(seed, `digit/${index}`);
    const glyphs = GLYPHS[label];
    if (!glyphs) throw new DistilleryError('INTERNAL', `There is no digit ${label}.`);
    const glyph = pickGlyph(glyphs, random);
    const lines = jitter(glyph.strokes, 0.022, random).map(trace);
    const distort = randomDistortion(DISTORTION, random);
    for (const line of lines) distort(line);
    const x = SIDE / 2 + random.normal(0, 0.6);
    const y = SIDE / 2 + random.normal(0, 0.6);
    const radius = random.uniform(0.75, 1.6);
    this.#canvas.clear();
    for (const line of lines) this.#draw(line, x, y, radius, random);
    this.#canvas.blur(random.uniform(0, 0.16));
    this.#canvas.write(target, random.uniform(0.8, 1.05), random.uniform(0, 0.05), random);
  }

  /** Draws one stroke with a pen whose pressure rises and falls, and which often starts and ends lightly. */
  #draw(line: Polyline, x: number, y: number, radius: number, random: Random): void {
    const swing = random.uniform(0, 0.25);
    const phase = random.uniform(0, 2 * Math.PI);
    const waves = random.uniform(2, 8);
    const taper = random.uniform(0, 0.5);
    const radiusAt = (t: number): number => {
      const nearEnd = Math.max(0, 1 - 6 * Math.min(t, 1 - t));
      return radius * (1 + swing * Math.sin(phase + waves * t)) * (1 - taper * nearEnd);
    };
    const last = line.length / 2 - 1;
    for (let point = 0; point < last; point++) {
      const at = 2 * point;
      this.#canvas.line(
        x + BOX * (line[at] ?? 0),
        y + BOX * (line[at + 1] ?? 0),
        radiusAt(point / last),
        x + BOX * (line[at + 2] ?? 0),
        y + BOX * (line[at + 3] ?? 0),
        radiusAt((point + 1) / last),
      );
    }
  }
}

function pickGlyph(glyphs: Glyphs, random: Random): Glyph {
  let left = random.uniform(
    0,
    glyphs.reduce((sum, glyph) => sum + glyph.frequency, 0),
  );
  for (const glyph of glyphs) {
    left -= glyph.frequency;
    if (left < 0) return glyph;
  }
  return glyphs[0];
}
