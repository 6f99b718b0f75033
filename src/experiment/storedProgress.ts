import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DistilleryError } from '../errors.ts';
import { decodeCheckpoint, type TrainingCheckpoint } from '../training/checkpoint.ts';
import { runFiles } from './runFolder.ts';

/** Files of the folder `checkpoint/` in a run folder. */
export const checkpointFiles = { progress: 'progress.json', training: 'training.safetensors' } as const;

const finishedSchema = z.object({
  bestEpoch: z.int().nonnegative(),
  quality: z.object({
    accuracy: z.number().nullable(),
    /** JSON writes a number that is none as null. */
    loss: z
      .number()
      .nullable()
      .transform((value) => value ?? NaN),
  }),
  endedBy: z.enum(['epochs', 'maxSteps', 'maxMinutes', 'targetAccuracy', 'patience', 'stopped']),
  seconds: z.number(),
  /** See `Report.exportDifference`; left out where nothing was compared. */
  exportDifference: z.number().optional(),
});

const progressSchema = z.object({
  version: z.literal(1),
  /** Folder that relative paths of the experiment start from. */
  baseDirectory: z.string(),
  /** What the run trains on, once that is decided. */
  device: z.enum(['cpu', 'webgpu', 'cuda', 'dml', 'coreml']).optional(),
  /** How long the run had taken, and how long `metrics.jsonl` was, when a training was finished last. */
  seconds: z.number(),
  metricsBytes: z.int(),
  finished: z.record(z.string(), finishedSchema),
  last: z.string().optional(),
});

/** A training that is over, as far as the rest of the run depends on it; its weights are in the network's file. */
export type FinishedTraining = z.output<typeof finishedSchema>;

/** Which trainings of a run are over. */
export type Progress = z.output<typeof progressSchema>;

const notesSchema = z.object({
  training: z.string(),
  seconds: z.coerce.number(),
  metricsBytes: z.coerce.number(),
});

/** The training that was under way, and what the run was like when it was stored. */
export interface StoredTraining {
  readonly name: string;
  readonly checkpoint: TrainingCheckpoint;
  readonly seconds: number;
  readonly metricsBytes: number;
}

/** What a run that ended early goes on from. */
export interface StoredProgress {
  readonly progress: Progress;
  readonly training?: StoredTraining;
}

/**
 * Reads from a run folder where a run that ended early stood.
 * @throws DistilleryError `FILE_NOT_FOUND` when nothing was stored, `BAD_FILE` when it is damaged
 */
export async function readStoredProgress(runFolder: string): Promise<StoredProgress> {
  const folder = join(runFolder, runFiles.checkpoint);
  const progress = await readProgress(runFolder, join(folder, checkpointFiles.progress));
  const path = join(folder, checkpointFiles.training);
  const file = await readIfThere(path);
  if (!file) return { progress };
  const { checkpoint, notes } = decodeCheckpoint(file, path);
  const { training, ...moment } = notesSchema.parse(notes);
  // A run that was killed right after a training was noted as finished has not removed its checkpoint yet.
  if (Object.hasOwn(progress.finished, training)) return { progress };
  return { progress, training: { name: training, checkpoint, ...moment } };
}

async function readProgress(runFolder: string, path: string): Promise<Progress> {
  const file = await readIfThere(path);
  if (!file) {
    throw new DistilleryError('FILE_NOT_FOUND', `'${runFolder}' holds nothing from which a run could go on.`, {
      hint: 'Name the folder of a run that was stopped or interrupted.',
    });
  }
  try {
    return progressSchema.parse(JSON.parse(file.toString('utf8')));
  } catch (cause) {
    throw new DistilleryError('BAD_FILE', `'${path}' is damaged.`, { cause });
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
