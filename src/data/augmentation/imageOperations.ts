import { moveImage, type ImageShape } from './moveImage.ts';

/**
 * Changes an image [channels, height, width] with values of 0…1 in place. Results may leave 0…1 and are brought back by the caller.
 * @param strength −1…1 for operations that have two directions, else 0…1
 */
export type ImageOperation = (image: Float32Array, shape: ImageShape, strength: number) => void;

/** Shares of red, green and blue in the lightness of a colour (ITU-R BT.601). */
const LUMA = [0.299, 0.587, 0.114] as const;

/** Mixes each pixel with its grey: by 1 + strength, 0 is a grey image. A grey image stays as it is. */
export const changeSaturation: ImageOperation = (image, [channels, height, width], strength) => {
  if (channels !== 3) return;
  const plane = height * width;
  for (let pixel = 0; pixel < plane; pixel++) {
    const grey = LUMA.reduce((sum, share, channel) => sum + share * (image[channel * plane + pixel] ?? 0), 0);
    for (let channel = 0; channel < 3; channel++) {
      const at = channel * plane + pixel;
      image[at] = grey + (1 + strength) * ((image[at] ?? 0) - grey);
    }
  }
};

/** Turns the hue of every pixel by `strength` × 180°, keeping its lightness: a rotation of the chroma plane of YIQ. */
export const changeHue: ImageOperation = (image, [channels, height, width], strength) => {
  if (channels !== 3) return;
  const plane = height * width;
  const [cosine, sine] = [Math.cos(strength * Math.PI), Math.sin(strength * Math.PI)];
  for (let pixel = 0; pixel < plane; pixel++) {
    const [r, g, b] = [image[pixel] ?? 0, image[plane + pixel] ?? 0, image[2 * plane + pixel] ?? 0];
    const y = 0.299 * r + 0.587 * g + 0.114 * b;
    const i = 0.595716 * r - 0.274453 * g - 0.321263 * b;
    const q = 0.211456 * r - 0.522591 * g + 0.311135 * b;
    const [turnedI, turnedQ] = [cosine * i - sine * q, sine * i + cosine * q];
    image[pixel] = y + 0.9563 * turnedI + 0.621 * turnedQ;
    image[plane + pixel] = y - 0.2721 * turnedI - 0.6474 * turnedQ;
    image[2 * plane + pixel] = y - 1.107 * turnedI + 1.7046 * turnedQ;
  }
};

/** Multiplies by 1 + strength. */
const changeBrightness: ImageOperation = (image, _shape, strength) => {
  for (let index = 0; index < image.length; index++) image[index] = (1 + strength) * (image[index] ?? 0);
};

/** Stretches the differences from the mean by 1 + strength. */
const changeContrast: ImageOperation = (image, _shape, strength) => {
  const mean = image.reduce((sum, value) => sum + value, 0) / image.length;
  for (let index = 0; index < image.length; index++)
    image[index] = mean + (1 + strength) * ((image[index] ?? 0) - mean);
};

/** Stretches the differences from a blurred image by 1 + strength; the edge stays. */
const changeSharpness: ImageOperation = (image, [channels, height, width], strength) => {
  const source = image.slice();
  const at = (index: number): number => source[index] ?? 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let row = 1; row + 1 < height; row++) {
      for (let column = 1; column + 1 < width; column++) {
        const index = (channel * height + row) * width + column;
        const above = at(index - width - 1) + at(index - width) + at(index - width + 1);
        const below = at(index + width - 1) + at(index + width) + at(index + width + 1);
        const blurred = (above + below + at(index - 1) + at(index + 1) + 5 * at(index)) / 13;
        image[index] = blurred + (1 + strength) * (at(index) - blurred);
      }
    }
  }
};

/** Keeps 8 − 4 × strength bits of every value. */
const posterize: ImageOperation = (image, _shape, strength) => {
  const step = 2 ** Math.round(4 * strength);
  for (let index = 0; index < image.length; index++) {
    image[index] = (Math.floor(Math.round((image[index] ?? 0) * 255) / step) * step) / 255;
  }
};

/** Inverts values above 1 − strength. */
const solarize: ImageOperation = (image, _shape, strength) => {
  for (let index = 0; index < image.length; index++) {
    const value = image[index] ?? 0;
    if (value > 1 - strength) image[index] = 1 - value;
  }
};

/** Stretches every channel to 0…1. */
const autoContrast: ImageOperation = (image, [channels]) => {
  const plane = image.length / channels;
  for (let channel = 0; channel < channels; channel++) {
    const values = image.subarray(channel * plane, (channel + 1) * plane);
    let [low, high] = [Infinity, -Infinity];
    for (const value of values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (high > low)
      for (let index = 0; index < plane; index++) values[index] = ((values[index] ?? 0) - low) / (high - low);
  }
};

/** Gives every channel as many dark as light values: each becomes the share of values that are not lighter. */
const equalize: ImageOperation = (image, [channels]) => {
  const plane = image.length / channels;
  const level = (value: number): number => Math.min(255, Math.max(0, Math.round(value * 255)));
  for (let channel = 0; channel < channels; channel++) {
    const values = image.subarray(channel * plane, (channel + 1) * plane);
    const upTo = new Float64Array(256);
    for (const value of values) upTo[level(value)] = (upTo[level(value)] ?? 0) + 1;
    const lowest = upTo.find((count) => count > 0) ?? 0;
    // A channel of one value has nothing to spread.
    if (lowest === plane) continue;
    for (let index = 1; index < 256; index++) upTo[index] = (upTo[index] ?? 0) + (upTo[index - 1] ?? 0);
    for (let index = 0; index < plane; index++) {
      values[index] = ((upTo[level(values[index] ?? 0)] ?? 0) - lowest) / (plane - lowest);
    }
  }
};

function moved(
  place: (shape: ImageShape, strength: number) => { x?: number; y?: number; angle?: number },
): ImageOperation {
  return (image, shape, strength) => {
    const placement = { x: 0, y: 0, angle: 0, scale: 1, ...place(shape, strength) };
    moveImage(image.slice(), image, shape, placement, []);
  };
}

/** Shifts every row, or every column, by its distance from the middle × 0.3 × strength; black comes in. */
function sheared(along: 'rows' | 'columns'): ImageOperation {
  return (image, [channels, height, width], strength) => {
    const source = image.slice();
    const [lines, length] = along === 'rows' ? [height, width] : [width, height];
    const place = (line: number, position: number): number =>
      along === 'rows' ? line * width + position : position * width + line;
    for (let channel = 0; channel < channels; channel++) {
      const plane = channel * height * width;
      for (let line = 0; line < lines; line++) {
        const shift = 0.3 * strength * (line - (lines - 1) / 2);
        for (let position = 0; position < length; position++) {
          const from = position - shift;
          const before = Math.floor(from);
          const part = from - before;
          const read = (at: number): number => (at >= 0 && at < length ? (source[plane + place(line, at)] ?? 0) : 0);
          image[plane + place(line, position)] = (1 - part) * read(before) + part * read(before + 1);
        }
      }
    }
  };
}

interface RandAugmentOperation {
  readonly apply: ImageOperation;
  readonly isSigned: boolean;
}

const nothing: ImageOperation = () => undefined;
const signed = (apply: ImageOperation): RandAugmentOperation => ({ apply, isSigned: true });
const unsigned = (apply: ImageOperation): RandAugmentOperation => ({ apply, isSigned: false });
const tones = (change: ImageOperation): RandAugmentOperation =>
  signed((image, shape, strength) => {
    change(image, shape, 0.9 * strength);
  });

/** The operations of RandAugment (Cubuk et al., arXiv 1909.13719) with their largest strengths as in its published code. */
export const RAND_AUGMENT_OPERATIONS: readonly RandAugmentOperation[] = [
  unsigned(nothing),
  unsigned(autoContrast),
  unsigned(equalize),
  unsigned(posterize),
  unsigned(solarize),
  tones(changeSaturation),
  tones(changeContrast),
  tones(changeBrightness),
  tones(changeSharpness),
  signed(moved((_shape, strength) => ({ angle: (strength * Math.PI) / 6 }))),
  signed(moved(([, , width], strength) => ({ x: Math.round(0.45 * strength * width) }))),
  signed(moved(([, height], strength) => ({ y: Math.round(0.45 * strength * height) }))),
  signed(sheared('rows')),
  signed(sheared('columns')),
];
