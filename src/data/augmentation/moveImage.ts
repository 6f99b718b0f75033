/** Where an image is put: turned about its centre by `angle` (radians), enlarged by `scale`, then shifted by (x, y) pixels. */
export interface Placement {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly scale: number;
}

/** Channels, height and width of an image. */
export type ImageShape = readonly [number, number, number];

/**
 * Draws `source` into `target` at another place, with bilinear interpolation; whole shifts copy pixels as they are.
 *
 * @param source [channels, height, width]
 * @param background what stands beyond the source's edge, a value for every channel
 */
export function moveImage(
  source: Float32Array,
  target: Float32Array,
  shape: ImageShape,
  placement: Placement,
  background: readonly number[],
): void {
  const [channels, height, width] = shape;
  for (let channel = 0; channel < channels; channel++) {
    const plane = channel * height * width;
    const beyond = background[channel] ?? 0;
    const isShift = placement.angle === 0 && placement.scale === 1;
    if (isShift) shiftPlane(source, target, plane, shape, placement, beyond);
    else drawPlane(source, target, plane, shape, placement, beyond);
  }
}

function shiftPlane(
  source: Float32Array,
  target: Float32Array,
  plane: number,
  [, height, width]: ImageShape,
  { x, y }: Placement,
  beyond: number,
): void {
  target.fill(beyond, plane, plane + height * width);
  const [left, right] = [Math.max(0, x), Math.min(width, width + x)];
  for (let row = Math.max(0, y); row < Math.min(height, height + y); row++) {
    const from = plane + (row - y) * width;
    if (right > left) target.set(source.subarray(from + left - x, from + right - x), plane + row * width + left);
  }
}

function drawPlane(
  source: Float32Array,
  target: Float32Array,
  plane: number,
  [, height, width]: ImageShape,
  { x, y, angle, scale }: Placement,
  beyond: number,
): void {
  const [cosine, sine] = [Math.cos(angle) / scale, Math.sin(angle) / scale];
  const [centreX, centreY] = [(width - 1) / 2, (height - 1) / 2];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const right = column - x - centreX;
      const down = row - y - centreY;
      const sourceX = centreX + cosine * right + sine * down;
      const sourceY = centreY - sine * right + cosine * down;
      const [left, top] = [Math.floor(sourceX), Math.floor(sourceY)];
      const [partX, partY] = [sourceX - left, sourceY - top];
      const insideX = left >= 0 && left < width;
      const nextX = left + 1 >= 0 && left + 1 < width;
      const insideY = top >= 0 && top < height;
      const nextY = top + 1 >= 0 && top + 1 < height;
      const corner = plane + top * width + left;
      const topLeft = insideX && insideY ? (source[corner] ?? 0) : beyond;
      const topRight = nextX && insideY ? (source[corner + 1] ?? 0) : beyond;
      const bottomLeft = insideX && nextY ? (source[corner + width] ?? 0) : beyond;
      const bottomRight = nextX && nextY ? (source[corner + width + 1] ?? 0) : beyond;
      target[plane + row * width + column] =
        (1 - partY) * ((1 - partX) * topLeft + partX * topRight) +
        partY * ((1 - partX) * bottomLeft + partX * bottomRight);
    }
  }
}
