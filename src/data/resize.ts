/** How images are brought to one size while they are read. */
export interface Resize {
  readonly height: number;
  readonly width: number;
  /**
   * `cover` keeps proportions and crops what stands out on both sides; `letterbox` keeps proportions and everything, between black bars;
   * `stretch` keeps everything.
   */
  readonly fit: 'cover' | 'letterbox' | 'stretch';
  /**
   * With `cover`: the shorter side is brought to so many pixels first, and the middle cut out of that, as torchvision's `Resize` and
   * `CenterCrop` do. Left out, it is brought to what just covers.
   */
  readonly shorterSide?: number;
}

/** How images are brought to one size, as an experiment says; undefined where they are left as they are. */
export function resizeOf({
  resize,
  fit,
  shorterSide,
}: {
  readonly resize?: readonly number[] | undefined;
  readonly fit: Resize['fit'];
  readonly shorterSide?: number | undefined;
}): Resize | undefined {
  const [height, width] = resize ?? [];
  if (height === undefined || width === undefined) return undefined;
  return { height, width, fit, ...(shorterSide !== undefined && { shorterSide }) };
}
