import type { Split } from '../data/dataset.ts';
import { alterToView, viewOf, type Alteration } from '../training/alteration.ts';
import { batchShape, openNetwork, type NetworkFile } from '../training/engines/networkFile.ts';
import { requestFor, type AskOptions } from './askTeacher.ts';
import type { View } from './cache/outputCache.ts';
import type { Outputs } from './cache/outputsFile.ts';
import { knownOutputs, liveOutputs, type OutputSource } from './outputSource.ts';
import { RecordedOutputs } from './recordedOutputs.ts';
import type { TopClasses } from './topClasses.ts';

/** The batches of an epoch, counted from 1: samples of the training split, no sample in two of them. */
export type BatchesOf = (epoch: number) => readonly Int32Array[];

/** When teachers are asked about the samples of the training split. */
export type Asking =
  /** About all of them before training begins. */
  | { readonly kind: 'beforehand' }
  /**
   * As the first epoch comes to them. The student has to see the same samples. Where targets are made of all outputs,
   * teachers are asked beforehand all the same.
   */
  | { readonly kind: 'first-epoch'; readonly batchesOf: BatchesOf }
  /** About the views of every sample, as the first epoch that sees them comes to them. */
  | { readonly kind: 'views'; readonly batchesOf: BatchesOf; readonly alteration: Alteration; readonly views: number }
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
    dispose: () => source.dispose(),
  };
}

async function openPacked(teacher: Wanted, circumstances: Circumstances, asking: Asking): Promise<OutputSource> {
  const { dataset, device } = circumstances;
  switch (asking.kind) {
    case 'beforehand':
      return knownOutputs(teacher.training ?? new Map(), dataset.training.count);
    case 'first-epoch':
      if (teacher.training) return knownOutputs(teacher.training, dataset.training.count);
      return record(teacher, circumstances, {
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
  { alteration, views, batchesOf }: Extract<Asking, { kind: 'views' }>,
): Promise<OutputSource> {
  const { training, sampleShape } = circumstances.dataset;
  const sources: OutputSource[] = [];
  for (let number = 0; number < views; number++) {
    const view: View = { alteration, number };
    const known = await findKept(teacher, circumstances, view);
    const split: Pick<Split, 'count' | 'read'> = {
      count: training.count,
      read: async (indices, target) => {
        await training.read(indices, target);
        alterToView(alteration, target, indices, sampleShape, number);
      },
    };
    const batches = (): readonly Int32Array[] => batchesOf(number + 1);
    sources.push(
      known ? knownOutputs(known, training.count) : record(teacher, circumstances, { split, batches, view }),
    );
  }
  return {
    outputsFor: async (batch) => (await sources[viewOf(batch.epoch, views)]?.outputsFor(batch)) ?? new Map(),
    dispose: async () => {
      for (const source of sources) await source.dispose();
    },
  };
}

async function findKept(
  { model, features, top }: Wanted,
  { dataset, device, cache, signal }: Circumstances,
  view: View,
): Promise<Outputs | undefined> {
  if (!cache) return undefined;
  const wanted = { split: 'training', features, top } as const;
  const request = await requestFor(model, wanted, { dataset, device, cache, signal });
  return cache.outputs.find({ ...request, view });
}

interface Recorded {
  /** The samples as the student sees them. */
  readonly split: Pick<Split, 'count' | 'read'>;
  readonly batches: () => readonly Int32Array[];
  readonly view: View | undefined;
}

function record(
  { model, features, top }: Wanted,
  { dataset, device, cache, signal, onProgress }: Circumstances,
  { split, batches, view }: Recorded,
): OutputSource {
  const { samples, sampleShape } = dataset;
  const wanted = { split: 'training', features, top } as const;
  return new RecordedOutputs({
    split,
    sampleShape,
    batches,
    open: (batch) => {
      const batchSize = evenPart(batch, batchShape(model, { sampleShape })[0] ?? 1);
      return openNetwork(model, { device, samples, sampleShape, batchSize, features });
    },
    keep: (outputs) => {
      const packed = top?.pack(outputs) ?? outputs;
      return cache?.outputs.round(packed, top?.exactTables) ?? packed;
    },
    onWhole: async (outputs) => {
      if (!cache) return;
      const request = await requestFor(model, wanted, { dataset, device, cache, signal });
      await cache.outputs.store({ ...request, view }, outputs);
    },
    signal,
    onProgress,
  });
}

/** The size of the fewest equal parts of a batch that are no larger than `most`. */
function evenPart(batch: number, most: number): number {
  return Math.ceil(batch / Math.ceil(batch / most));
}
