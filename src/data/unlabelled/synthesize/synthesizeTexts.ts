import { setImmediate } from 'node:timers/promises';
import { BadInputError } from '../../../errors.ts';
import { throwIfCancelled } from '../../cancellation.ts';
import type { Dataset, OpenContext, SynthesizeOptions } from '../../dataset.ts';
import { allocateTokens, TokenSamples } from '../../formats/texts/tokenSamples.ts';
import type { Tokenizer } from '../../formats/texts/tokenizer.ts';
import { randomStream, type Random } from '../../random.ts';
import type { Split } from '../../samples/split.ts';
import { missingLabels } from '../missingLabels.ts';
import { UNKNOWN_CLASS } from '../noLabel.ts';
import { alterText, type Words } from './alterText.ts';

/** Texts that are read together. */
const TOGETHER = 256;

/** How often the tokens of texts occur in them. */
export interface TokenCounts {
  /** By token. */
  readonly of: Int32Array;
  /** Of all words together. */
  readonly words: number;
  /** Words that occur. */
  readonly different: number;
}

/**
 * Texts made from those of the training split, for a teacher to label.
 *
 * @throws BadInputError where there is no text, or no memory for so many
 * @throws DistilleryError `CANCELLED` when the signal aborts
 */
export async function synthesizeTexts(
  { training, sampleShape }: Pick<Dataset, 'training' | 'sampleShape'>,
  tokenizer: Tokenizer,
  options: SynthesizeOptions,
  { seed, signal }: Pick<OpenContext, 'seed' | 'signal'>,
): Promise<Split> {
  const [length = 1] = sampleShape;
  if (training.count === 0) {
    const message = 'Texts are made from those of the training split, and it has none.';
    throw new BadInputError([
      { where: 'dataset.synthesize', message, hint: 'Give more texts, or leave the field out.' },
    ]);
  }
  const words = wordsOf(tokenizer, await countTokens({ training, sampleShape }, tokenizer, signal));
  const random = randomStream(seed, 'synthesize');
  const { padding } = tokenizer;
  const tokens = allocateTokens(options.rows, length, padding);
  const labels = training.targets.kind === 'tokens' ? new Int32Array(options.rows * length).fill(-1) : undefined;
  let order: number[] = [];
  for (let from = 0; from < options.rows; from += TOGETHER) {
    throwIfCancelled(signal);
    await setImmediate();
    const count = Math.min(TOGETHER, options.rows - from);
    const indices = Array.from({ length: count }, () => {
      if (order.length === 0) order = random.shuffle(Array.from({ length: training.count }, (_, index) => index));
      return order.pop() ?? 0;
    });
    const sources = await readTokens(training, indices, length);
    indices.forEach((index, row) => {
      const at = (from + row) * length;
      const source = sources.subarray(row * length, (row + 1) * length);
      const places = alterText(source, tokens.subarray(at, at + length), words, options, random);
      if (labels) noteLabelled(training, index, places, labels.subarray(at, at + length));
    });
  }
  const targets = labels
    ? ({ kind: 'tokens', labels, width: length } as const)
    : missingLabels(options.rows, training.targets);
  return new TokenSamples(tokens, length, targets);
}

/** Counts the words of the training split. */
export async function countTokens(
  { training, sampleShape }: Pick<Dataset, 'training' | 'sampleShape'>,
  { vocabulary, special }: Pick<Tokenizer, 'vocabulary' | 'special'>,
  signal?: AbortSignal,
): Promise<TokenCounts> {
  const [length = 1] = sampleShape;
  const counts = new Int32Array(vocabulary);
  for (let from = 0; from < training.count; from += TOGETHER) {
    throwIfCancelled(signal);
    const indices = Array.from({ length: Math.min(TOGETHER, training.count - from) }, (_, row) => from + row);
    for (const token of await readTokens(training, indices, length)) {
      if (!special.has(token)) counts[token] = (counts[token] ?? 0) + 1;
    }
  }
  return {
    of: counts,
    words: counts.reduce((sum, count) => sum + count, 0),
    different: counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0),
  };
}

async function readTokens(split: Split, indices: readonly number[], length: number): Promise<Int32Array> {
  const values = new Float32Array(indices.length * length);
  await split.read(indices, values);
  return Int32Array.from(values);
}

/**
 * Words are drawn in halves as often as they occur, and from all that the tokenizer knows: those that the texts lack are known to the
 * teacher, and to be learned from it.
 */
function wordsOf({ vocabulary, special, padding, hidden }: Tokenizer, counts: TokenCounts): Words {
  const upTo = new Float64Array(vocabulary);
  let sum = 0;
  for (let token = 0; token < vocabulary; token++) {
    const isDrawn = !special.has(token) && token !== hidden;
    sum += isDrawn ? 0.5 / vocabulary + (0.5 * (counts.of[token] ?? 0)) / Math.max(1, counts.words) : 0;
    upTo[token] = sum;
  }
  const draw = (random: Random): number => {
    const wanted = random.uniform(0, sum);
    let [low, high] = [0, vocabulary - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((upTo[middle] ?? 0) > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return { special, padding, hidden, draw };
}

/** Where words of a text have labels, those that come from them have one that nobody knows yet. */
function noteLabelled({ targets }: Split, index: number, places: readonly number[], labels: Int32Array): void {
  if (targets.kind !== 'tokens') return;
  places.forEach((place, at) => {
    if (targets.labels[index * targets.width + place] !== -1) labels[at] = UNKNOWN_CLASS;
  });
}
