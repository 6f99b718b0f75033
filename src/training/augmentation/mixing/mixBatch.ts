import type { Mixture } from './mixture.ts';

/**
 * Mixes the samples of a batch in place.
 * @param samples [batch, ...sampleShape], row-major
 */
export function mixSamples(samples: Float32Array, sampleShape: readonly number[], mixture: Mixture): void {
  const { partners, box } = mixture;
  if (!box) {
    mixRows(samples, mixture);
    return;
  }
  const [channels = 1, height = 1, width = 1] = sampleShape;
  const original = samples.slice();
  const planes = partners.length * channels;
  for (let plane = 0; plane < planes; plane++) {
    const row = Math.floor(plane / channels);
    const partner = (partners[row] ?? row) * channels + (plane % channels);
    for (let y = box.top; y < box.bottom; y++) {
      const start = y * width + box.left;
      const end = y * width + box.right;
      const source = partner * height * width;
      samples.set(original.subarray(source + start, source + end), plane * height * width + start);
    }
  }
}

/**
 * Blends the rows of a batch, such as label distributions, with their partners' in place.
 * @param rows [batch, …], row-major
 */
export function mixRows(rows: Float32Array, { share, partners }: Mixture): void {
  const original = rows.slice();
  const width = rows.length / partners.length;
  partners.forEach((partner, row) => {
    for (let column = 0; column < width; column++) {
      const own = original[row * width + column] ?? 0;
      const other = original[partner * width + column] ?? 0;
      rows[row * width + column] = share * own + (1 - share) * other;
    }
  });
}
