import type { Split } from '../data/samples/split.ts';
import { DistilleryError } from '../errors.ts';
import { augmentToView, viewOf, type BatchAugmentation } from '../training/augmentation/batchAugmentation.ts';
import { batchShape, openNetwork, type NetworkFile } from '../training/engines/networkFile.ts';
import { requestFor, type AskOptions, type KeptOutputs } from './askTeacher.ts';
import type { OutputsRequest, View } from './cache/outputCache.ts';
import type { Outputs } from './cache/outputsFile.ts';
import { fileOutputs } from './fileOutputs.ts';
import { filedOutputs, knownOutputs, liveOutputs, type OutputSource } from './outputSource.ts';
import { RecordedOutputs } from './recordedOutputs.ts';
import { FiledTables, HeldTables, type RowTables } from './rowTables.ts';
import type { TopClasses } from './topClasses.ts';
import { refuseUnusable } from './unusableOutputs.ts';

/** The batches of an epoch, counted from 1: samples of the training split, no sample in two of them. */
export type BatchesOf = (epoch: number) => readonly Int32Array[];

/** Where outputs are while they are trained with: in memory, or in the files of the cache, of which rows are read. */
export type Held = 'in-memory' | 'on-disk';

/** When teachers are asked about the samples of the training split. */
export type Asking =
  /** About all of them before training begins. */
  | { readonly kind: 'beforehand'; readonly held: Held }
  /**
   * As the first epoch comes to them. The student has to see the same samples. Where targets are made of all outputs,
   * teachers are asked beforehand all the same.
   */
  | { readonly kind: 'first-epoch'; readonly held: Held; readonly batchesOf: BatchesOf }
  /** About the views of every sample, as the first epoch that sees them comes to them. */
  | {
      readonly kind: 'views';
      readonly held: Held;
      readonly batchesOf: BatchesOf;
      readonly batchAugmentation: BatchAugmentation;
      readonly views: number;
    }
  /** At every step anew, because samples change at random. */
  | { readonly kind: 'every-step'; readonly batchSize: number };

type Circumstances = Pick<AskOptions, 'dataset' | 'device' | 'cache' | 'signal' | 'onProgress'>;

/** A teacher, and what is wanted of it. */
interface Wanted {
  readonly model: NetworkFile;
  /** Names of values inside it. */
  readonly features: readonly string[];
  /** What it said of the training split as it is, where it was asked. */
  readonly training: Outputs | undefined;
  /** How its outputs are packed while they are kept; undefined where they are not. */
  readonly top: TopClasses | undefined;
}

/** A teacher as the batches of a training ask it. The caller disposes of it. */
export async function openSource(teacher: Wanted, circumstances: Circumstances, asking: Asking): Promise<OutputSource> {
  const { top } = teacher;
  const source = await openPacked(teacher, circumstances, asking);
  if (!top) return source;
  return {
    outputsFor: async (batch) => top.unpack(await source.outputsFor(batch)),
    announce: (order) => source.announce?.(order),
    dispose: () => source.dispose(),
  };
}

async function openPacked(teacher: Wanted, circumstances: Circumstances, asking: Asking): Promise<OutputSource> {
  const { dataset, device } = circumstances;
  switch (asking.kind) {
    case 'beforehand':
      if (asking.held === 'on-disk') return recordBeforehand(teacher, circumstances);
      return knownOutputs(teacher.training ?? new Map(), dataset.training.count);
    case 'first-epoch':
      if (teacher.training) return knownOutputs(teacher.training, dataset.training.count);
      return findOrRecord(teacher, circumstances, asking.held, {
        split: dataset.training,
        batches: () => asking.batchesOf(1),
        view: undefined,
      });
    case 'views':
      return recordViews(teacher, circumstances, asking);
    case 'every-step':
      return liveOutputs(
        await openNetwork(teacher.model, {
          ...dataset,
          device,
          batchSize: asking.batchSize,
          features: teacher.features,
        }),
      );
  }
}

/**
 * Outputs for every view of the training split: read, or computed in the first epoch that sees the view and kept as soon as all
 * are there.
 */
async function recordViews(
  teacher: Wanted,
  circumstances: Circumstances,
  { batchAugmentation, views, batchesOf, held }: Extract<Asking, { kind: 'views' }>,
): Promise<OutputSource> {
  const { training, sampleShape } = circumstances.dataset;
  const sources: OutputSource[] = [];
  for (let number = 0; number < views; number++) {
    const view: View = { batchAugmentation, number };
    const split: Pick<Split, 'count' | 'read'> = {
      count: training.count,
      read: async (indices, target) => {
        await training.read(indices, target);
        augmentToView(batchAugmentation, target, indices, sampleShape, number);
      },
    };
    const batches = (): readonly Int32Array[] => batchesOf(number + 1);
    sources.push(await findOrRecord(teacher, circumstances, held, { split, batches, view }));
  }
  return {
    outputsFor: async (batch) => (await sources[viewOf(batch.epoch, views)]?.outputsFor(batch)) ?? new Map(),
    announce: (order) => {
      for (const source of sources) source.announce?.(order);
    },
    dispose: async () => {
      for (const source of sources) await source.dispose();
    },
  };
}

interface Recorded {
  /** The samples as the student sees them. */
  readonly split: Pick<Split, 'count' | 'read'>;
  readonly batches: () => readonly Int32Array[];
  readonly view: View | undefined;
}

/** Outputs that an earlier run has kept, or that are kept in the epoch that sees them first. */
async function findOrRecord(
  teacher: Wanted,
  circumstances: Circumstances,
  held: Held,
  recorded: Recorded,
): Promise<OutputSource> {
  const { dataset, device, signal, onProgress } = circumstances;
  const { samples, sampleShape } = dataset;
  const { model, features } = teacher;
  const { split, batches, view } = recorded;
  const known = await findKept(teacher, circumstances, held, view);
  if (known) return known;
  return new RecordedOutputs({
    split,
    sampleShape,
    batches,
    open: (batch) => {
      const batchSize = evenPart(batch, batchShape(model, { sampleShape })[0] ?? 1);
      return openNetwork(model, { device, samples, sampleShape, batchSize, features });
    },
    keep: (outputs) => kept(outputs, teacher, circumstances),
    tables: tablesFor(teacher, circumstances, held, view),
    onUnwritable: (error) => circumstances.cache?.outputs.noteUnwritable(error, 'The teacher is asked at every step.'),
    signal,
    onProgress,
  });
}

async function findKept(
  teacher: Wanted,
  circumstances: Circumstances,
  held: Held,
  view: View | undefined,
): Promise<OutputSource | undefined> {
  const { cache, dataset } = circumstances;
  // Outputs of the samples as they are were looked for where they are to be in memory.
  if (!cache || (held === 'in-memory' && !view)) return undefined;
  const request = await trainingRequest(teacher, circumstances, cache, view);
  if (held === 'on-disk') {
    const rows = await cache.outputs.findRows(request);
    return rows && filedOutputs(rows);
  }
  const outputs = await cache.outputs.find(request);
  return outputs && knownOutputs(outputs, dataset.training.count);
}

/** Outputs for the training split, in a file: all of them, before anything is trained. */
async function recordBeforehand(teacher: Wanted, circumstances: Circumstances): Promise<OutputSource> {
  const { dataset, device, cache, signal, onProgress } = circumstances;
  if (!cache) throw new DistilleryError('INTERNAL', 'Outputs are to be on the disk, and there is no cache.');
  const { training, samples, sampleShape } = dataset;
  const { model, features } = teacher;
  return filedOutputs(
    await fileOutputs({
      cache: cache.outputs,
      request: await trainingRequest(teacher, circumstances, cache, undefined),
      split: training,
      open: () => openNetwork(model, { device, samples, sampleShape, features }),
      keep: (outputs) => kept(outputs, teacher, circumstances),
      signal,
      onProgress: (done) => {
        onProgress(done, training.count);
      },
    }),
  );
}

/** What becomes of outputs when they are stored, and is to become of them at once. */
function kept(outputs: Outputs, { model, top }: Wanted, { cache, dataset }: Circumstances): Outputs {
  const values = outputs.get(model.output) ?? new Float32Array(0);
  const width = model.outputShape.reduce<number>((product, size) => product * (typeof size === 'number' ? size : 1), 1);
  refuseUnusable(dataset.task, values, values.length / width, 'training samples that were asked together');
  const packed = top?.pack(outputs) ?? outputs;
  return cache?.outputs.round(packed, top?.exactTables) ?? packed;
}

function tablesFor(teacher: Wanted, circumstances: Circumstances, held: Held, view: View | undefined): RowTables {
  const { cache, dataset } = circumstances;
  if (!cache) return new HeldTables(dataset.training.count, () => Promise.resolve());
  const request = (): Promise<OutputsRequest> => trainingRequest(teacher, circumstances, cache, view);
  if (held === 'in-memory') {
    return new HeldTables(dataset.training.count, async (outputs) => {
      await cache.outputs.store(await request(), outputs);
    });
  }
  return new FiledTables(
    async (widths) => cache.outputs.createRows(await request(), widths),
    async (bytes) => {
      cache.outputs.noteWritten(await request(), bytes);
    },
  );
}

async function trainingRequest(
  { model, features, top }: Wanted,
  { dataset, device, signal }: Circumstances,
  cache: KeptOutputs,
  view: View | undefined,
): Promise<OutputsRequest> {
  const wanted = { split: 'training', features, top } as const;
  return { ...(await requestFor(model, wanted, { dataset, device, cache, signal })), view };
}

/** The size of the fewest equal parts of a batch that are no larger than `most`. */
function evenPart(batch: number, most: number): number {
  return Math.ceil(batch / Math.ceil(batch / most));
}
