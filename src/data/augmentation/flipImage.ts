/** Mirrors an image [channels, height, width] from left to right, in place. */
export function flipImage(image: Float32Array, width: number): void {
  for (let start = 0; start < image.length; start += width) image.subarray(start, start + width).reverse();
}
