import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { DistilleryError } from '../../../../errors.ts';
import type { SampleStream, Split } from '../../../samples/split.ts';
import { writePixels, pixelTables } from '../pixelTables.ts';
import type { ChannelStatistics } from '../../../channelStatistics.ts';
import type { EncodedImage } from '../decoding/encodedImage.ts';
import type { Targets } from '../../../targets.ts';
import type { DecodedForm } from './decodingMessages.ts';
import type { CorruptImage, ImageStream } from './imageStream.ts';

/** Raised by `read` when all samples but some are there; see `withPlaceholders`. */
export class CorruptSamples extends DistilleryError {
  /** Their places among those that were asked for. */
  readonly samples: readonly CorruptImage[];

  constructor(samples: readonly CorruptImage[]) {
    super('BAD_FILE', samples.map(({ name, reason }) => `The image ${name} cannot be decoded: ${reason}.`).join('\n'));
    this.name = 'CorruptSamples';
    this.samples = samples;
  }
}

/** Files whose sizes and times are asked for at once. */
const ASKED_AT_ONCE = 64;

export interface StreamedImages {
  readonly images: readonly EncodedImage[];
  readonly form: DecodedForm;
  readonly stream: ImageStream;
}

/** Which images of a stream are the samples of a split. */
export interface ImageRange {
  readonly first: number;
  readonly count: number;
}

/** Images of a stream as samples; 0…255 is read as 0…1 and normalised where there are statistics. */
export class StreamedSplit implements Split {
  readonly count: number;
  readonly targets: Targets;
  readonly stream: SampleStream;
  readonly #images: StreamedImages;
  readonly #range: ImageRange;
  readonly #statistics: ChannelStatistics | undefined;
  readonly #tables: readonly Float32Array[];

  constructor(images: StreamedImages, range: ImageRange, targets: Targets, statistics?: ChannelStatistics) {
    this.count = range.count;
    this.targets = targets;
    this.#images = images;
    this.#range = range;
    this.#statistics = statistics;
    this.#tables = pixelTables(images.form.channels, statistics);
    this.stream = {
      announce: (indices) => {
        images.stream.announce(this.#placesOf(indices));
      },
      fingerprints: (indices) => images.stream.fingerprints(this.#placesOf(indices)),
    };
  }

  normalized(statistics: ChannelStatistics): Split {
    return new StreamedSplit(this.#images, this.#range, this.targets, statistics);
  }

  /** @throws CorruptSamples when some are corrupt; all others are read */
  async read(indices: ArrayLike<number>, target: Float32Array): Promise<void> {
    const { stream } = this.#images;
    const { size } = stream;
    const corrupt = await stream.read(this.#placesOf(indices), (row, bytes) => {
      writePixels(bytes, this.#tables, target.subarray(row * size, (row + 1) * size));
    });
    if (corrupt.length > 0) throw new CorruptSamples(corrupt);
  }

  async identify(indices: ArrayLike<number>): Promise<string> {
    const { images, form } = this.#images;
    const hash = createHash('sha256').update(JSON.stringify([form, this.#statistics]));
    const places = this.#placesOf(indices);
    for (let start = 0; start < places.length; start += ASKED_AT_ONCE) {
      const asked = [...places.subarray(start, start + ASKED_AT_ONCE)];
      for (const identity of await Promise.all(asked.map((place) => identityOf(images[place])))) {
        hash.update(`${identity}\n`);
      }
    }
    return hash.digest('hex');
  }

  #placesOf(indices: ArrayLike<number>): Int32Array {
    return Int32Array.from(indices, (index) => this.#range.first + index);
  }
}

/** What tells an image from another without decoding it: its contents, or the name, size and time of its file. */
async function identityOf(image: EncodedImage | undefined): Promise<string> {
  if (!image) return '';
  const { name, content } = image;
  if (typeof content !== 'string') return createHash('sha256').update(content).digest('hex');
  try {
    const { size, mtimeMs } = await stat(content);
    return JSON.stringify([name, size, mtimeMs]);
  } catch {
    // It is met again, and named, when it is read.
    return JSON.stringify([name]);
  }
}
