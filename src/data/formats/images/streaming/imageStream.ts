import { BadInputError, DistilleryError } from '../../../../errors.ts';
import type { EncodedImage } from '../decoding/encodedImage.ts';
import { pathProblem } from '../../../findings/problems.ts';
import type { DecodedForm, DecodingOutcome } from './decodingMessages.ts';
import { ContentHashes } from './contentHashes.ts';
import { DecodingWorkers } from './decodingWorkers.ts';

/** Bytes that are decoded ahead at most, where not all images are kept. */
const MOST_AHEAD = 2 ** 28;
/** Images that wait to be decoded at most: what is waited for at once comes before them. */
const MOST_UNDER_WAY = 1024;
/** Slots that nothing is decoded ahead into, for images that nobody announced. */
const RESERVE = 16;

/** An image that was asked for and is corrupt. */
export interface CorruptImage {
  /** Its place among those that were asked for. */
  readonly row: number;
  readonly name: string;
  readonly reason: string;
}

interface Slot {
  readonly number: number;
  readonly outcome: Promise<DecodingOutcome>;
}

export interface ImageStreamOptions {
  readonly images: readonly EncodedImage[];
  readonly form: DecodedForm;
  /** Bytes that decoded images may take: where all fit, each is decoded once and kept; otherwise some are decoded ahead. */
  readonly memory: number;
  /** Told once of every corrupt image that was asked for. May throw to refuse it. */
  readonly onCorrupt: (name: string, reason: string) => void;
}

/**
 * Images that are decoded when they are needed, in a thread of its own. What will be read is announced and decoded ahead; what is read
 * never depends on it, nor on how fast the thread is. Whoever makes it disposes of it.
 */
export class ImageStream {
  /** Bytes of a decoded image. */
  readonly size: number;
  readonly #options: ImageStreamOptions;
  readonly #keepsAll: boolean;
  readonly #slotCount: number;
  /** Slots without an image; not used where every image has its own. */
  readonly #free: number[] = [];
  readonly #waiting: { resolve: (slot: number) => void; reject: (error: Error) => void }[] = [];
  /** Images that are decoded, or will be, by their place. */
  readonly #slots = new Map<number, Slot>();
  readonly #corrupt = new Map<number, string>();
  /** What is to be decoded ahead, in the order in which it will be read. */
  #announced = new Set<number>();
  /** Undefined until hashes are asked for. */
  #hashes: ContentHashes | undefined;
  #underWay = 0;
  #opened: { readonly worker: DecodingWorkers; readonly memory: SharedArrayBuffer } | undefined;
  #isClosed = false;

  constructor(options: ImageStreamOptions) {
    const { images, form, memory } = options;
    this.#options = options;
    this.size = form.channels * form.height * form.width;
    this.#keepsAll = images.length * this.size <= memory;
    const ahead = Math.floor(Math.min(memory, MOST_AHEAD) / this.size);
    this.#slotCount = this.#keepsAll ? images.length : Math.max(2 * RESERVE, ahead);
    if (!this.#keepsAll) for (let slot = this.#slotCount - 1; slot >= 0; slot--) this.#free.push(slot);
  }

  /** Bytes that are set aside for decoded images. */
  get reservedBytes(): number {
    return this.#slotCount * this.size;
  }

  /** Tells which images will be read next, in which order, instead of what was told before. */
  announce(images: Iterable<number>): void {
    this.#announced = new Set(images);
    if (!this.#keepsAll) {
      for (const [image, slot] of this.#slots) {
        if (this.#announced.has(image)) continue;
        this.#slots.delete(image);
        void slot.outcome.then(
          () => {
            this.#release(slot.number);
          },
          () => undefined,
        );
      }
    }
    this.#decodeAhead();
  }

  /**
   * Hands out the bytes of images, as they are decoded, in any order; they are valid during the call only.
   *
   * @returns those that are corrupt
   * @throws BadInputError naming those that cannot be read or have another size
   * @throws DistilleryError `CANCELLED` when the stream is disposed of meanwhile
   */
  async read(
    images: ArrayLike<number>,
    take: (row: number, bytes: Uint8Array) => void,
  ): Promise<readonly CorruptImage[]> {
    const rows = new Map<number, number[]>();
    for (let row = 0; row < images.length; row++) {
      const image = images[row] ?? -1;
      const others = rows.get(image);
      if (others) others.push(row);
      else rows.set(image, [row]);
    }
    const readings = [...rows].map(async ([image, wanted]) => {
      await this.#decoded(image, (bytes) => {
        for (const row of wanted) take(row, bytes);
      });
    });
    // All of them: the bytes go where the caller may write again once this has ended.
    for (const reading of await Promise.allSettled(readings)) if (reading.status === 'rejected') throw reading.reason;
    return [...rows].flatMap(([image, wanted]) => {
      const reason = this.#corrupt.get(image);
      return reason === undefined ? [] : wanted.map((row) => ({ row, name: this.#imageAt(image).name, reason }));
    });
  }

  /**
   * Hashes of the contents of images, two words for each: of those that are decoded meanwhile, and of others when the thread has time.
   *
   * @throws DistilleryError `CANCELLED` when the stream is disposed of meanwhile
   */
  async fingerprints(images: Int32Array): Promise<Uint32Array> {
    const { worker } = this.#open();
    const hashes = (this.#hashes ??= new ContentHashes(this.#options.images.length));
    for (const image of images) if (!hashes.isKnown(image)) worker.hash(image, this.#imageAt(image).content);
    return hashes.get(images);
  }

  /** Ends the thread; what is being read is refused. */
  async dispose(): Promise<void> {
    this.#isClosed = true;
    this.#announced.clear();
    for (const { reject } of this.#waiting.splice(0)) reject(closed());
    this.#hashes?.fail(closed());
    await this.#opened?.worker.dispose();
    this.#opened = undefined;
  }

  async #decoded(image: number, take: (bytes: Uint8Array) => void): Promise<void> {
    if (this.#isClosed) throw closed();
    if (this.#corrupt.has(image)) return;
    this.#announced.delete(image);
    const slot = this.#slots.get(image) ?? this.#start(image, this.#keepsAll ? image : await this.#freeSlot(), true);
    if (!this.#keepsAll) this.#slots.delete(image);
    try {
      const outcome = await slot.outcome;
      if (outcome.kind === 'decoded') take(this.#bytesOf(slot));
      else this.#measureOutputs(image, outcome);
    } finally {
      if (!this.#keepsAll) this.#release(slot.number);
    }
  }

  #measureOutputs(image: number, outcome: Exclude<DecodingOutcome, { kind: 'decoded' }>): void {
    const { form, onCorrupt } = this.#options;
    const { name } = this.#imageAt(image);
    switch (outcome.kind) {
      case 'corrupt':
        if (this.#corrupt.has(image)) break;
        this.#corrupt.set(image, outcome.reason);
        onCorrupt(name, outcome.reason);
        break;
      case 'unreadable':
        throw new BadInputError([
          pathProblem(
            `The image ${name} cannot be decoded: ${outcome.reason}.`,
            'Put it back, or start anew without it.',
          ),
        ]);
      case 'other-size':
        throw new BadInputError([
          pathProblem(
            `The image ${name} is ${outcome.size.width}×${outcome.size.height} pixels, but others are ${form.width}×${form.height}.`,
            'All images of a dataset must have the same size; dataset.resize brings them to one.',
          ),
        ]);
    }
  }

  #decodeAhead(): void {
    for (const image of this.#announced) {
      if (this.#underWay >= MOST_UNDER_WAY || (!this.#keepsAll && this.#free.length <= RESERVE)) return;
      this.#announced.delete(image);
      if (this.#slots.has(image) || this.#corrupt.has(image)) continue;
      this.#slots.set(image, this.#start(image, this.#keepsAll ? image : (this.#free.pop() ?? 0), false));
    }
  }

  #start(image: number, number: number, urgent: boolean): Slot {
    const { worker } = this.#open();
    const { content } = this.#imageAt(image);
    this.#underWay++;
    const isHashWanted = this.#hashes?.isKnown(image) === false;
    const outcome = worker.decode(number, content, urgent, isHashWanted ? image : undefined);
    outcome.then(
      () => {
        this.#underWay--;
        this.#decodeAhead();
      },
      // Whoever waits for the image is told; when nobody does, nothing was lost.
      () => undefined,
    );
    const slot = { number, outcome };
    if (this.#keepsAll) this.#slots.set(image, slot);
    return slot;
  }

  #freeSlot(): Promise<number> {
    const slot = this.#free.pop();
    if (slot !== undefined) return Promise.resolve(slot);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #release(slot: number): void {
    const next = this.#waiting.shift();
    if (next) next.resolve(slot);
    else {
      this.#free.push(slot);
      this.#decodeAhead();
    }
  }

  #open(): { readonly worker: DecodingWorkers; readonly memory: SharedArrayBuffer } {
    if (this.#isClosed) throw closed();
    if (!this.#opened) {
      const memory = new SharedArrayBuffer(this.reservedBytes);
      const worker = new DecodingWorkers({ form: this.#options.form, slots: memory }, (image, hash) => {
        this.#hashes?.put(image, hash);
      });
      this.#opened = { worker, memory };
    }
    return this.#opened;
  }

  #bytesOf({ number }: Slot): Uint8Array {
    return new Uint8Array(this.#open().memory, number * this.size, this.size);
  }

  #imageAt(image: number): EncodedImage {
    const found = this.#options.images[image];
    if (!found) throw new DistilleryError('INTERNAL', `There is no image ${image}.`);
    return found;
  }
}

function closed(): DistilleryError {
  return new DistilleryError('CANCELLED', 'The dataset was closed.');
}
