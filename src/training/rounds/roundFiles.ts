import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { DistilleryError } from '../../errors.ts';
import type { FloatTensor } from '../../onnx/tensor.ts';
import { readIfThere } from '../../platform/readIfThere.ts';
import { writeAtomically } from '../../platform/writeAtomically.ts';
import type { EpochEvent } from '../../protocol/events.ts';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  type BestEpoch,
  type TrainingCheckpoint,
} from '../checkpoints/checkpoint.ts';
import { decodeTensors, encodeTensors } from '../checkpoints/safetensors.ts';
import { storedNumber, storedQuality } from '../checkpoints/storedQuality.ts';
import type { Vectors } from './outerStep.ts';

/** What all workers have in common between two rounds. */
export interface Common {
  /** Rounds that are done. */
  readonly rounds: number;
  /** The weights, and whatever else is averaged. */
  readonly vectors: Vectors;
  /** Of the outer optimizer. */
  readonly momentum: Vectors;
  /** What was told of the validations, so that whoever goes on, or has only the last part, can tell it again; the best of them. */
  readonly told: readonly ToldEpoch[];
  readonly best: BestEpoch | undefined;
}

/** What an event says of an epoch, but for what the training knows anyway. */
export type ToldEpoch = Pick<EpochEvent, 'epoch' | 'step' | 'losses' | 'validation' | 'best'>;

/** Where a worker stands. */
export interface StoredWorker {
  readonly checkpoint: TrainingCheckpoint;
  /** How many it trains on. */
  readonly samples: number;
}

const commonSchema = z.object({
  rounds: z.int().min(0),
  told: z.array(
    z.object({
      epoch: z.int().positive(),
      step: z.int().positive(),
      losses: z.record(z.string(), storedNumber),
      validation: storedQuality,
      best: z.boolean(),
    }),
  ),
  best: z
    .object({
      epoch: z.int().positive(),
      quality: storedQuality,
    })
    .optional(),
});

const PREFIXES = { vectors: 'vectors/', momentum: 'momentum/', best: 'best/' } as const;

/**
 * The files through which workers and whoever merges what they did know of each other: nothing else travels. `common.safetensors` is
 * what a round begins with, `worker-N.safetensors` where worker N stands. Each appears whole or not at all.
 */
export class RoundFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Undefined before the first round is merged. */
  async readCommon(): Promise<Common | undefined> {
    const path = this.#path('common');
    const bytes = await readIfThere(readFile(path), undefined);
    if (!bytes) return undefined;
    const { tensors, metadata } = decodeTensors(bytes, path);
    const parsed = commonSchema.safeParse(jsonOf(metadata['rounds']));
    if (!parsed.success) throw new DistilleryError('BAD_FILE', `'${path}' is of another version.`);
    const { rounds, told, best } = parsed.data;
    return {
      rounds,
      told,
      vectors: withPrefix(tensors, PREFIXES.vectors),
      momentum: withPrefix(tensors, PREFIXES.momentum),
      best: best && { ...best, weights: withPrefix(tensors, PREFIXES.best) },
    };
  }

  async writeCommon({ rounds, told, vectors, momentum, best }: Common): Promise<void> {
    const described = { rounds, told, ...(best && { best: { epoch: best.epoch, quality: best.quality } }) };
    const tensors = new Map<string, FloatTensor>([
      ...prefixed(vectors, PREFIXES.vectors),
      ...prefixed(momentum, PREFIXES.momentum),
      ...prefixed(best?.weights ?? new Map<string, FloatTensor>(), PREFIXES.best),
    ]);
    await this.#write('common', encodeTensors({ tensors, metadata: { rounds: JSON.stringify(described) } }));
  }

  /** Where a worker stands, and how many samples it has; undefined before its first round. */
  async readWorker(worker: number): Promise<StoredWorker | undefined> {
    const path = this.#path(`worker-${worker}`);
    const bytes = await readIfThere(readFile(path), undefined);
    if (!bytes) return undefined;
    const { checkpoint, notes } = decodeCheckpoint(bytes, path);
    return { checkpoint, samples: Number(notes['samples'] ?? 1) };
  }

  async writeWorker(worker: number, { checkpoint, samples }: StoredWorker): Promise<void> {
    await this.#write(`worker-${worker}`, encodeCheckpoint(checkpoint, { samples: String(samples) }));
  }

  async #write(name: string, bytes: Uint8Array): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await writeAtomically(this.#path(name), bytes);
  }

  #path(name: string): string {
    return join(this.#folder, `${name}.safetensors`);
  }
}

function prefixed(vectors: Vectors, prefix: string): (readonly [string, FloatTensor])[] {
  return [...vectors].map(([name, tensor]) => [prefix + name, tensor] as const);
}

function withPrefix(tensors: ReadonlyMap<string, FloatTensor>, prefix: string): Map<string, FloatTensor> {
  return new Map(
    [...tensors].flatMap(([name, tensor]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : [])),
  );
}

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
