/**
 * Colours of pixels that are stored as four inks (CMYK, 0 for none), as Pillow computes them and with it most loaders: each ink takes its share of the light that
 * black leaves. A profile would give duller colours, which teachers have not seen.
 *
 * @param inks 4 bytes a pixel
 * @returns 3 bytes a pixel
 */
export function coloursOfInks(inks: Uint8Array): Uint8Array {
  const colours = new Uint8Array((inks.length / 4) * 3);
  for (let from = 0, to = 0; from < inks.length; from += 4, to += 3) {
    const light = 255 - (inks[from + 3] ?? 0);
    for (let channel = 0; channel < 3; channel++) {
      const product = (inks[from + channel] ?? 0) * light + 128;
      colours[to + channel] = light - (((product >> 8) + product) >> 8);
    }
  }
  return colours;
}
