import { join } from 'node:path';
import * as z from 'zod';
import { DistilleryError, type Problem } from '../errors.ts';
import { hashFile } from '../platform/hashFile.ts';
import { decodeCheckpoint, type TrainingCheckpoint } from '../training/checkpoints/checkpoint.ts';
import { storedQuality } from '../training/checkpoints/storedQuality.ts';
import { choiceSchema } from '../report/choice.ts';
import { enlargementSchema } from '../report/enlargement.ts';
import { rateChoiceSchema } from '../report/rateChoice.ts';
import { epochChoiceSchema } from '../report/choice.ts';
import { runFiles } from './runFolder.ts';
import { OPEN_SEAL, readSealed, SEAL } from './sealedFile.ts';

/** Files of the folder `checkpoint/` in a run folder. Each holds its checksum, and the one before it is kept. */
export const checkpointFiles = {
  progress: 'progress.json',
  previousProgress: 'progress.previous.json',
  training: 'training.safetensors',
  previousTraining: 'training.previous.safetensors',
} as const;

/** Of a training that is over, in files. */
export const finishedSchema = z.object({
  bestEpoch: z.int().nonnegative(),
  quality: storedQuality,
  endedBy: z.enum(['epochs', 'maxSteps', 'maxMinutes', 'targetAccuracy', 'patience', 'fitted', 'stopped']),
  seconds: z.number(),
  /** What the epoch was chosen on; left out where it was the validation split. */
  epochChoice: epochChoiceSchema.optional(),
  /** See `Report.exportDifference`; left out where nothing was compared. */
  exportDifference: z.number().optional(),
});

const writtenSchema = z.object({
  /** In the run folder. */
  file: z.string(),
  sha256: z.string(),
  seconds: z.number(),
  metricsBytes: z.int(),
});

const progressSchema = z.object({
  version: z.literal(1),
  /** Folder that relative paths of the experiment start from. */
  baseDirectory: z.string(),
  /** What the run trains on, once that is decided. */
  device: z.enum(['cpu', 'webgpu', 'cuda', 'dml', 'coreml']).optional(),
  /** Whether products of matrices were rounded to bfloat16 there. */
  roundsProducts: z.boolean().optional(),
  /** How images are laid out there, where there is a choice. */
  layout: z.enum(['NHWC', 'NCHW']).optional(),
  /** How long the run had taken, and how long `metrics.jsonl` was, when a training was finished last. */
  seconds: z.number(),
  metricsBytes: z.int(),
  finished: z.record(z.string(), finishedSchema),
  last: z.string().optional(),
  /** What each finished training wrote, and how the run stood then, in the order in which they finished. */
  written: z.record(z.string(), writtenSchema).default({}),
  /** How the objective was chosen, once it is, where the experiment names none. */
  choice: choiceSchema.optional(),
  /** Whether the transfer set was enlarged, once that is decided, where the experiment leaves it open. */
  enlargement: enlargementSchema.optional(),
  /** How the learning rate was chosen, likewise. */
  rate: rateChoiceSchema.optional(),
  /** SHA-256 of what the run is made from; see `runInputs`. */
  inputs: z.record(z.string(), z.string()).optional(),
  /** Names of what was another when the run went on, which somebody allowed. */
  changedInputs: z.array(z.string()).default([]),
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
  /** What of it was damaged, and what that means. */
  readonly warnings: readonly Problem[];
}

/** The contents of `progress.json`, for `writeSealed`. */
export function encodeProgress(progress: Progress): Uint8Array {
  return new TextEncoder().encode(`{\n"${SEAL}":"${OPEN_SEAL}",\n${JSON.stringify(progress, null, 2).slice(2)}\n`);
}

/** Where a run stands that begins. @param baseDirectory folder that relative paths of the experiment start from */
export function firstProgress(baseDirectory: string): Progress {
  return {
    version: 1,
    baseDirectory,
    seconds: 0,
    metricsBytes: 0,
    finished: {},
    written: {},
    changedInputs: [],
  };
}

/**
 * Reads from a run folder where a run that ended early stood. Where a file is damaged, the one before it counts; where a
 * network is, its training counts as not done, and so does what came after it.
 *
 * @throws DistilleryError `FILE_NOT_FOUND` when nothing was stored, `BAD_FILE` when it is damaged and nothing is left to go on from
 */
export async function readStoredProgress(runFolder: string): Promise<StoredProgress> {
  const folder = join(runFolder, runFiles.checkpoint);
  const warnings: Problem[] = [];
  const path = (name: keyof typeof checkpointFiles): string => join(folder, checkpointFiles[name]);
  const read = await readSealed(path('progress'), path('previousProgress'), decodeProgress);
  if (!read) {
    throw new DistilleryError('FILE_NOT_FOUND', `'${runFolder}' holds nothing from which a run could go on.`, {
      hint: 'Name the folder of a run that was stopped or interrupted.',
    });
  }
  if (read.isDamaged) {
    warnings.push({
      where: path('progress'),
      message: 'The file is damaged: the run goes on from the one before it.',
      hint: 'A training that had finished since then is repeated.',
    });
  }
  const { progress, lost } = await withoutLostNetworks(runFolder, read.content);
  if (lost !== undefined) {
    warnings.push({
      where: join(runFolder, lost),
      message: 'The network is damaged or missing: its training is repeated, and so is what came after it.',
    });
  }
  // What was under way is of another moment then.
  if (read.isPrevious || lost !== undefined) return { progress, warnings };
  const training = await readTraining(path('training'), path('previousTraining'), warnings);
  // A run that was killed right after a training was noted as finished has not removed its checkpoint yet.
  if (!training || Object.hasOwn(progress.finished, training.name)) return { progress, warnings };
  return { progress, training, warnings };
}

async function readTraining(path: string, previous: string, warnings: Problem[]): Promise<StoredTraining | undefined> {
  try {
    const read = await readSealed(path, previous, decodeTraining);
    if (read?.isDamaged) {
      warnings.push({
        where: path,
        message: `The checkpoint is damaged: the training goes on from the one before it, of step ${read.content.checkpoint.step}.`,
      });
    }
    return read?.content;
  } catch (error) {
    if (!(error instanceof DistilleryError && error.code === 'BAD_FILE')) throw error;
    warnings.push({
      where: path,
      message: 'The checkpoint is damaged, and there is none before it: the training begins anew.',
    });
    return undefined;
  }
}

function decodeTraining(bytes: Uint8Array, path: string): StoredTraining {
  const { checkpoint, notes } = decodeCheckpoint(bytes, path);
  const { training, ...moment } = notesSchema.parse(notes);
  return { name: training, checkpoint, ...moment };
}

function decodeProgress(bytes: Uint8Array, path: string): Progress {
  try {
    return progressSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new DistilleryError('BAD_FILE', `'${path}' is damaged.`, { cause });
  }
}

/** Takes back the first finished training whose network is not as it was written, with those after it. */
async function withoutLostNetworks(
  runFolder: string,
  progress: Progress,
): Promise<{ readonly progress: Progress; readonly lost: string | undefined }> {
  const { finished, written, ...rest } = progress;
  const kept: Progress['written'] = {};
  for (const [name, network] of Object.entries(written)) {
    if ((await hashFile(join(runFolder, network.file))) === network.sha256) {
      kept[name] = network;
      continue;
    }
    const before = Object.entries(kept).at(-1);
    const then = {
      finished: Object.fromEntries(Object.entries(finished).filter(([training]) => Object.hasOwn(kept, training))),
      written: kept,
      seconds: before?.[1].seconds ?? 0,
      metricsBytes: before?.[1].metricsBytes ?? 0,
      last: before?.[0],
    };
    return { progress: { ...rest, ...then }, lost: network.file };
  }
  return { progress, lost: undefined };
}
