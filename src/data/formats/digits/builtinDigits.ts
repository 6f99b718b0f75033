import { createHash } from 'node:crypto';
import { copyScaled } from '../../samples/byteSamples.ts';
import type { SampleStream, Split } from '../../samples/split.ts';
import type { Source } from '../../source.ts';
import type { Targets } from '../../targets.ts';
import { SIDE } from './canvas.ts';
import { DigitPainter, DIGIT_BYTES } from './digitPainter.ts';

/** Name of the dataset in an experiment file. */
export const BUILTIN_DIGITS = 'builtin:digits';

const CLASSES = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
/** To be raised when digits are drawn in another way: what was computed from others is not theirs. */
const DRAWING = 1;
const TRAINING = { seed: 0, count: 20_000 };
const TEST = { seed: 1, count: 4_000 };

/**
 * The built-in dataset: 20,000 digits to train with and 4,000 for the test, ten classes of equal size, 28×28 grey.
 * They are always the same ones; an experiment's seed decides only which of them validate.
 */
export function openBuiltinDigits(): Source {
  return {
    format: 'built-in digits',
    task: { kind: 'classification', classes: CLASSES },
    samples: { kind: 'values' },
    sampleShape: [1, SIDE, SIDE],
    ...drawnSplits(),
  };
}

/**
 * Digits that are drawn when they are first read, so that a small transfer set costs no more than itself. They stay for
 * as long as the process does (at most 19 MB), whoever opens them.
 */
class DrawnDigits implements Split {
  readonly count: number;
  readonly targets: Targets;
  readonly stream: SampleStream = { announce: () => undefined };
  readonly #labels: Int32Array;
  readonly #seed: number;
  readonly #bytes: Uint8Array;
  readonly #drawn: Uint8Array;
  readonly #painter = new DigitPainter();

  constructor(seed: number, count: number) {
    this.count = count;
    this.#labels = Int32Array.from({ length: count }, (_, index) => index % CLASSES.length);
    this.targets = { kind: 'classes', labels: this.#labels };
    this.#seed = seed;
    this.#bytes = new Uint8Array(count * DIGIT_BYTES);
    this.#drawn = new Uint8Array(count);
  }

  identify(indices: ArrayLike<number>): Promise<string> {
    const hash = createHash('sha256').update(`${BUILTIN_DIGITS} ${DRAWING} ${this.#seed}\n`);
    return Promise.resolve(hash.update(Int32Array.from(indices)).digest('hex'));
  }

  read(indices: ArrayLike<number>, target: Float32Array): Promise<void> {
    return new Promise((resolve) => {
      for (let row = 0; row < indices.length; row++) this.#draw(indices[row] ?? -1);
      copyScaled(this.#bytes, DIGIT_BYTES, indices, target);
      resolve();
    });
  }

  #draw(index: number): void {
    if (this.#drawn[index] !== 0) return;
    const start = index * DIGIT_BYTES;
    this.#painter.draw(this.#labels[index] ?? 0, this.#seed, index, this.#bytes.subarray(start, start + DIGIT_BYTES));
    this.#drawn[index] = 1;
  }
}

let splits: Pick<Source, 'training' | 'test'> | undefined;

function drawnSplits(): Pick<Source, 'training' | 'test'> {
  splits ??= {
    training: new DrawnDigits(TRAINING.seed, TRAINING.count),
    test: new DrawnDigits(TEST.seed, TEST.count),
  };
  return splits;
}
