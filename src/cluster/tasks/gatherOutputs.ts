import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { classesOf } from '../../data/task.ts';
import { DistilleryError } from '../../errors.ts';
import { cacheFolderOf, openOutputCache } from '../../preflight/teacherOutputs/cacheOfRun.ts';
import type { DeviceName } from '../../protocol/events.ts';
import { requestFor, type KeptOutputs } from '../../teacher/askTeacher.ts';
import type { Outputs } from '../../teacher/cache/outputsFile.ts';
import { outputKind } from '../../teacher/outputKind.ts';
import { TopClasses } from '../../teacher/topClasses.ts';
import { refuseUnusable } from '../../teacher/unusableOutputs.ts';
import type { Submission } from '../submission.ts';
import type { TaskEnd, TaskOptions } from './task.ts';
import {
  joinRows,
  partPath,
  prepareLabelling,
  readPart,
  rowsOfShard,
  type Labelling,
  type SharedFile,
} from './teacherParts.ts';

/**
 * Puts what the tasks of a labelling computed into the cache, as one task would have written it, and removes the parts.
 * @throws DistilleryError when a part is missing, or parts were computed on different devices
 */
export async function gatherOutputs(submission: Submission, options: TaskOptions): Promise<TaskEnd> {
  const { folder, signal, tell } = options;
  const { labelShards: shards, baseDirectory, cacheFolder: usual } = submission;
  const labelling = await prepareLabelling(submission, signal);
  const { prepared, files } = labelling;
  try {
    const { experiment } = prepared;
    const cacheFolder = cacheFolderOf({ experiment, baseDirectory, cacheFolder: usual });
    if (cacheFolder === undefined) {
      throw new DistilleryError(
        'BAD_INPUT',
        'The experiment keeps no outputs (cache.keep), so that none can be labelled.',
      );
    }
    const device = await deviceOfParts(folder, files, shards);
    const onEvent = (event: { readonly kind: string; readonly message?: string }): void => {
      if (event.message !== undefined) tell(`${event.message}.`);
    };
    const outputs = openOutputCache({ experiment, onEvent }, cacheFolder, 'outputs of the teacher');
    const cache = { outputs, datasetPath: experiment.dataset.path };
    for (const file of files) {
      if (signal.aborted) return 'stopped';
      await gather(file, labelling, { folder, shards, cache, device, signal });
    }
    await rm(dirname(partPath(folder, 0, 0)), { recursive: true, force: true });
    return 'finished';
  } finally {
    await prepared.dataset.dispose();
  }
}

interface Circumstances {
  readonly folder: string;
  readonly shards: number;
  readonly cache: KeptOutputs;
  readonly device: DeviceName;
  readonly signal: AbortSignal;
}

async function gather(
  file: SharedFile,
  labelling: Labelling,
  { folder, shards, cache, device, signal }: Circumstances,
): Promise<void> {
  const { dataset } = labelling;
  const { model, split } = file;
  const { task } = dataset;
  const top = await packingOf(file, labelling, folder, shards);
  const request = await requestFor(model, { ...file, top }, { dataset, device, cache, signal });
  if (cache.outputs.has(request)) return;
  let rows: Awaited<ReturnType<typeof cache.outputs.createRows>> | undefined;
  try {
    for (let shard = 0; shard < shards; shard++) {
      const { start, end } = rowsOfShard(dataset[split].count, file.batch, { index: shard, shards });
      if (start === end) continue;
      const whole = await outputsOf(folder, file.number, shard);
      refuseUnusable(task, whole.get(model.output) ?? new Float32Array(0), end - start, `${split} samples`);
      const packed = top?.pack(whole) ?? whole;
      const widths = request.outputs.map((name) => [name, (packed.get(name)?.length ?? 0) / (end - start)] as const);
      rows ??= await cache.outputs.createRows(request, new Map(widths));
      await rows.write(
        Int32Array.from({ length: end - start }, (_, row) => start + row),
        packed,
      );
    }
    if (rows) cache.outputs.noteWritten(request, await rows.finish());
  } finally {
    await rows?.dispose();
  }
}

/** How the outputs of a file are packed: what they are is seen from those for the validation split, as in a run. */
async function packingOf(
  { topK, teacher, model }: SharedFile,
  { dataset, files }: Labelling,
  folder: string,
  shards: number,
): Promise<TopClasses | undefined> {
  if (topK === undefined) return undefined;
  const judged = files.find((other) => other.teacher === teacher && other.split === 'validation');
  const parts: Float32Array[] = [];
  for (let shard = 0; judged && shard < shards; shard++) {
    const part = (await outputsOf(folder, judged.number, shard)).get(model.output);
    if (part) parts.push(part);
  }
  const kind = outputKind(dataset.task, joinRows(parts));
  return new TopClasses({ output: model.output, kind, classes: classesOf(dataset.task).length, kept: topK });
}

async function outputsOf(folder: string, file: number, shard: number): Promise<Outputs> {
  const { outputs } = await readPart(folder, file, shard);
  return new Map([...outputs].map(([name, { data }]) => [name, data]));
}

/** Outputs are kept by the device that computed them, on which later runs look for them. */
async function deviceOfParts(folder: string, files: readonly SharedFile[], shards: number): Promise<DeviceName> {
  const devices = new Set<string>();
  for (const { number } of files) {
    for (let shard = 0; shard < shards; shard++) devices.add((await readPart(folder, number, shard)).device);
  }
  const [device, ...others] = devices;
  if (device === undefined || others.length > 0) {
    throw new DistilleryError(
      'BAD_INPUT',
      `The parts of the teacher's outputs were computed on ${[...devices].join(' and ')}.`,
      {
        hint: "Ask for the same kind of node for all tasks (--partition, --gpus), or name one device in the file ('device').",
      },
    );
  }
  return device as DeviceName;
}
