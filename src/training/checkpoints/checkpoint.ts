import * as z from 'zod';
import type { RandomState } from '../../data/random.ts';
import { DistilleryError } from '../../errors.ts';
import type { FloatTensor } from '../../onnx/tensor.ts';
import type { Quality } from '../../report/quality.ts';
import type { StoredLength } from '../budget/lengthKeeper.ts';
import type { StoredLosses } from '../meanLosses.ts';
import { decodeTensors, encodeTensors } from './safetensors.ts';
import { storedNumber, storedQuality } from './storedQuality.ts';

/** The best epoch of a training so far. */
export interface BestEpoch {
  /** Counted from 1. */
  readonly epoch: number;
  /** On the validation split. */
  readonly quality: Quality;
  /** Weights and running statistics by the name of their initializer. */
  readonly weights: ReadonlyMap<string, FloatTensor>;
}

/** Where a training stands between two steps: everything that the rest of it depends on. */
export interface TrainingCheckpoint {
  /** The epoch under way, counted from 1. */
  readonly epoch: number;
  /** Batches of that epoch that are done. */
  readonly batchesDone: number;
  readonly batchesPerEpoch: number;
  /** Steps done. */
  readonly step: number;
  /** Time that the training has taken so far. */
  readonly seconds: number;
  /** Where the generator of the samples' order stood when the epoch began. */
  readonly order: RandomState;
  /** Of the epoch's steps. */
  readonly losses: StoredLosses;
  readonly best: BestEpoch | undefined;
  /** What was found out about how long the training has to be, where that is left to Distillery. */
  readonly length?: StoredLength | undefined;
  /** The engine's state vectors by name: weights, statistics, what the optimizer remembers, averages. */
  readonly state: ReadonlyMap<string, FloatTensor>;
}

const word = z.int();

/** Of the format below. */
const VERSION = '1';

const positionSchema = z.object({
  epoch: z.int().positive(),
  batchesDone: z.int().nonnegative(),
  batchesPerEpoch: z.int().positive(),
  step: z.int().nonnegative(),
  seconds: z.number().nonnegative(),
  order: z.object({ words: z.tuple([word, word, word, word]), spareNormal: z.number().optional() }),
  losses: z.object({ sums: z.record(z.string(), storedNumber), count: z.int().nonnegative() }),
  best: z.object({ epoch: z.int().positive(), quality: storedQuality }).optional(),
  length: z
    .object({
      watch: z.object({ smoothed: z.number(), lowest: z.number(), lowestAt: z.int(), notedAt: z.int() }).optional(),
      timeline: z.object({ from: z.number(), passed: z.number(), end: z.int() }).optional(),
      isAnnealing: z.boolean(),
    })
    .optional(),
});

const STATE = 'state/';
const BEST = 'best/';

/**
 * The contents of a checkpoint's file: tensors in the safetensors format, the rest as JSON in its metadata.
 * @param notes of whoever keeps the file, by name
 */
export function encodeCheckpoint(checkpoint: TrainingCheckpoint, notes: Readonly<Record<string, string>>): Uint8Array {
  const { state, best, ...position } = checkpoint;
  const described = { ...position, ...(best && { best: { epoch: best.epoch, quality: best.quality } }) };
  const prefixed = (prefix: string, tensors: ReadonlyMap<string, FloatTensor>) =>
    [...tensors].map(([name, tensor]) => [prefix + name, tensor] as const);
  return encodeTensors({
    tensors: new Map([...prefixed(STATE, state), ...prefixed(BEST, best?.weights ?? new Map())]),
    metadata: { ...notes, version: VERSION, checkpoint: JSON.stringify(described) },
  });
}

/**
 * Reads what `encodeCheckpoint` wrote.
 * @param path of the file, for the error
 * @throws DistilleryError `BAD_FILE` when it is damaged or no checkpoint of this version
 */
export function decodeCheckpoint(
  file: Uint8Array,
  path: string,
): { readonly checkpoint: TrainingCheckpoint; readonly notes: Readonly<Record<string, string>> } {
  const { tensors, metadata } = decodeTensors(file, path);
  const { order, best, ...position } = parsePosition(metadata, path);
  const withPrefix = (prefix: string): Map<string, FloatTensor> =>
    new Map(
      [...tensors].flatMap(([name, tensor]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : [])),
    );
  const { words, spareNormal } = order;
  const checkpoint: TrainingCheckpoint = {
    ...position,
    order: { words, ...(spareNormal !== undefined && { spareNormal }) },
    best: best && { ...best, weights: withPrefix(BEST) },
    state: withPrefix(STATE),
  };
  return { checkpoint, notes: metadata };
}

function parsePosition(metadata: Readonly<Record<string, string>>, path: string): z.output<typeof positionSchema> {
  try {
    z.literal(VERSION).parse(metadata['version']);
    return positionSchema.parse(JSON.parse(metadata['checkpoint'] ?? ''));
  } catch (cause) {
    throw new DistilleryError('BAD_FILE', `'${path}' is no checkpoint of this version.`, { cause });
  }
}
