import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Dataset } from '../../data/dataset.ts';
import { transferSet } from '../../data/unlabelled/transferSet.ts';
import { DistilleryError } from '../../errors.ts';
import { parseExperiment } from '../../experiment/parseExperiment.ts';
import type { FloatTensor } from '../../onnx/tensor.ts';
import { writeAtomically } from '../../platform/writeAtomically.ts';
import type { Prepared } from '../../preflight/prepared.ts';
import { prepareRun } from '../../run/runExperiment.ts';
import { outputFiles, type OutputFile } from '../../teacher/planOutputs.ts';
import { decodeTensors, encodeTensors } from '../../training/checkpoints/safetensors.ts';
import { batchShape, type NetworkFile } from '../../training/engines/networkFile.ts';
import { CLUSTER_FOLDER, type Submission } from '../submission.ts';

/** A file of the cache that several tasks compute together, each some of its rows. */
export interface SharedFile extends OutputFile {
  readonly number: number;
  readonly model: NetworkFile;
  /** Samples of a forward pass: parts end where one does, so that each sample is computed among the same others. */
  readonly batch: number;
}

/** What the outputs of the teachers of a submission are computed from. The caller disposes of the dataset. */
export interface Labelling {
  readonly prepared: Prepared;
  readonly dataset: Dataset;
  readonly files: readonly SharedFile[];
}

/** @throws BadInputError with every problem of the experiment */
export async function prepareLabelling(submission: Submission, signal: AbortSignal): Promise<Labelling> {
  const { baseDirectory } = submission;
  const experiment = parseExperiment(submission.experiment);
  const prepared = await prepareRun(experiment, { baseDirectory, signal, onEvent: () => undefined });
  const dataset = transferSet(prepared.dataset);
  const members = prepared.teachers?.members ?? [];
  const planned = outputFiles({
    teachers: members.length,
    objective: prepared.objective,
    asking: { kind: 'beforehand', held: 'in-memory' },
    topK: experiment.cache.topK,
    epochs: 1,
  });
  const files = planned.flatMap((file, number): readonly SharedFile[] => {
    const model = members[file.teacher]?.model;
    return model ? [{ ...file, number, model, batch: batchShape(model, dataset)[0] ?? 1 }] : [];
  });
  return { prepared, dataset, files };
}

/** The rows that one of several tasks computes: whole batches, as evenly as that goes. */
export function rowsOfShard(
  count: number,
  batch: number,
  { index, shards }: { readonly index: number; readonly shards: number },
): { readonly start: number; readonly end: number } {
  const batches = Math.ceil(count / batch);
  const edge = (shard: number): number => Math.min(count, Math.floor((shard * batches) / shards) * batch);
  return { start: edge(index), end: edge(index + 1) };
}

/** Rows of several tasks behind each other. They may be more than the arguments that a call takes. */
export function joinRows(parts: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const part of parts) {
    joined.set(part, start);
    start += part.length;
  }
  return joined;
}

/** The rows of a shared file that one task computed. */
export interface Part {
  /** What they were computed on, and which version of ONNX Runtime did it. */
  readonly device: string;
  readonly outputs: ReadonlyMap<string, FloatTensor>;
}

/** Where the task of a shard leaves its rows of a file. */
export function partPath(folder: string, file: number, shard: number): string {
  return join(folder, CLUSTER_FOLDER, 'parts', `${file}-${shard}.safetensors`);
}

/** Whether the task of a shard has left its rows of a file. */
export function hasPart(folder: string, file: number, shard: number): boolean {
  return existsSync(partPath(folder, file, shard));
}

/** Leaves the rows of a shard, whole or not at all. */
export async function writePart(folder: string, file: number, shard: number, part: Part): Promise<void> {
  const path = partPath(folder, file, shard);
  await mkdir(dirname(path), { recursive: true });
  await writeAtomically(path, encodeTensors({ tensors: part.outputs, metadata: { device: part.device } }));
}

/** @throws DistilleryError `FILE_NOT_FOUND` when its task has not written it, `BAD_FILE` when it is damaged */
export async function readPart(folder: string, file: number, shard: number): Promise<Part> {
  const path = partPath(folder, file, shard);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new DistilleryError('FILE_NOT_FOUND', `The part '${path}' of the teacher's outputs is missing.`, {
      cause,
      hint: `Submit once more: task ${shard} of the labelling has not ended well.`,
    });
  });
  const { tensors, metadata } = decodeTensors(bytes, path);
  return { device: metadata['device'] ?? '', outputs: tensors };
}
