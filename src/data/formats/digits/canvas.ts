import type { Random } from '../../random.ts';

/** Side of a digit's image in pixels. */
export const SIDE = 28;

/** A grey image under construction: 28×28 values of 0 (background) to 1 (ink). */
export class Canvas {
  readonly #ink = new Float32Array(SIDE * SIDE);

  clear(): void {
    this.#ink.fill(0);
  }

  /**
   * Draws a line with round ends whose radius changes evenly from one end to the other; edges are smoothed over one
   * pixel. Coordinates are in pixels, (0, 0) is the upper left corner of the image. Ink never adds up.
   */
  line(x0: number, y0: number, radius0: number, x1: number, y1: number, radius1: number): void {
    const reach = Math.max(radius0, radius1) + 0.5;
    const left = Math.max(0, Math.floor(Math.min(x0, x1) - reach));
    const right = Math.min(SIDE - 1, Math.ceil(Math.max(x0, x1) + reach));
    const top = Math.max(0, Math.floor(Math.min(y0, y1) - reach));
    const bottom = Math.min(SIDE - 1, Math.ceil(Math.max(y0, y1) + reach));
    const dx = x1 - x0;
    const dy = y1 - y0;
    const ink = this.#ink;
    const inverseSquare = 1 / Math.max(dx * dx + dy * dy, 1e-9);
    for (let row = top; row <= bottom; row++) {
      const fromY = row + 0.5 - y0;
      for (let column = left; column <= right; column++) {
        const fromX = column + 0.5 - x0;
        const along = Math.min(1, Math.max(0, (fromX * dx + fromY * dy) * inverseSquare));
        const offX = fromX - along * dx;
        const offY = fromY - along * dy;
        const radius = radius0 + along * (radius1 - radius0);
        const coverage = Math.min(1, radius + 0.5 - Math.sqrt(offX * offX + offY * offY));
        const pixel = row * SIDE + column;
        if (coverage > (ink[pixel] ?? 0)) ink[pixel] = coverage;
      }
    }
  }

  /** Gives every pixel's ink away: `spread` (0 … 0.33) to each neighbour, first along rows, then along columns. */
  blur(spread: number): void {
    for (let index = 0; index < SIDE; index++) this.#blurLine(index * SIDE, 1, spread);
    for (let index = 0; index < SIDE; index++) this.#blurLine(index, SIDE, spread);
  }

  #blurLine(start: number, stride: number, spread: number): void {
    const ink = this.#ink;
    const keep = 1 - 2 * spread;
    const end = start + SIDE * stride;
    // Beyond the ends of a line there is no ink. (Reading outside of an array would be many times as slow.)
    let before = 0;
    let here = ink[start] ?? 0;
    for (let pixel = start; pixel < end; pixel += stride) {
      const after = pixel + stride < end ? (ink[pixel + stride] ?? 0) : 0;
      ink[pixel] = keep * here + spread * (before + after);
      before = here;
      here = after;
    }
  }

  /** Writes the image as bytes, the ink scaled by `darkness` and normally distributed noise of `deviation` added. */
  write(target: Uint8Array, darkness: number, deviation: number, random: Random): void {
    const ink = this.#ink;
    for (let pixel = 0; pixel < ink.length; pixel++) {
      const value = darkness * (ink[pixel] ?? 0) + random.normal(0, deviation);
      target[pixel] = Math.round(255 * Math.min(1, Math.max(0, value)));
    }
  }
}
