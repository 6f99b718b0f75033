import type { Dataset } from '../data/dataset.ts';
import { classesOf } from '../data/task.ts';
import type { DeviceName } from '../protocol/events.ts';
import { openNetwork, type NetworkFile } from '../training/engines/networkFile.ts';
import type { Predictor } from '../training/engines/predictor.ts';
import { digestOnce } from './cache/digestOnce.ts';
import type { OutputCache, OutputsRequest } from './cache/outputCache.ts';
import type { Outputs } from './cache/outputsFile.ts';
import { outputKind } from './outputKind.ts';
import { TopClasses, type TopTables } from './topClasses.ts';
import { refuseUnusable } from './unusableOutputs.ts';

/** Outputs of earlier runs, where those of this one are kept, too. */
export interface KeptOutputs {
  readonly outputs: OutputCache;
  readonly datasetPath: string;
}

export interface AskOptions {
  readonly dataset: Dataset;
  readonly device: DeviceName;
  readonly cache?: KeptOutputs | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
  /** Names of values inside the teacher that are wanted for the training split. */
  readonly features: readonly string[];
  /** How many of the most probable classes are kept of every distribution for the training split; by default all. */
  readonly topK?: number | undefined;
  /** Whether its outputs for the training split are wanted now, only if they are on the disk, or not at all. */
  readonly training: 'now' | 'if-kept' | 'not';
}

/** What a teacher says of the splits, [count, …] by the name of the output or value. */
export interface Said {
  readonly validation: Outputs;
  /** Undefined where it was not asked; packed where `top` says so. */
  readonly training: Outputs | undefined;
  readonly kind: 'logits' | 'probabilities';
  /** How outputs for the training split are packed; undefined where they are not. */
  readonly top: TopClasses | undefined;
}

/**
 * Runs a teacher over the validation split, and over the training split where that is wanted now; or reads what it said in an
 * earlier run.
 *
 * @throws DistilleryError `CANCELLED` when the signal aborts
 */
export async function askTeacher(model: NetworkFile, options: AskOptions): Promise<Said> {
  const { dataset, device, signal, onProgress, features, training, cache, topK } = options;
  const { task, samples, sampleShape, validation } = dataset;
  const total = validation.count + (training === 'now' ? dataset.training.count : 0);
  // A teacher whose outputs are all there need not be opened.
  let predictor: Predictor | undefined;
  const predict = async (name: SplitName): Promise<Outputs> => {
    predictor ??= await openNetwork(model, { device, samples, sampleShape, features });
    const before = name === 'validation' ? 0 : validation.count;
    return predictor.predictAll(dataset[name], {
      signal,
      onProgress: (done) => {
        onProgress(before + done, total);
      },
    });
  };
  const obtain = async (wanted: WantedOutputs): Promise<Outputs> => {
    const compute = async (): Promise<Outputs> => {
      const outputs = await predict(wanted.split);
      const { count } = dataset[wanted.split];
      refuseUnusable(task, outputs.get(model.output) ?? new Float32Array(0), count, `${wanted.split} samples`);
      return wanted.top?.pack(outputs) ?? outputs;
    };
    return cache ? cache.outputs.obtain(await requestFor(model, wanted, { ...options, cache }), compute) : compute();
  };
  const obtainTraining = async (top: TopClasses | undefined): Promise<Outputs | undefined> => {
    const wanted = { split: 'training', features, top } as const;
    switch (training) {
      case 'now':
        return obtain(wanted);
      case 'if-kept':
        return cache?.outputs.find(await requestFor(model, wanted, { ...options, cache }));
      case 'not':
        return undefined;
    }
  };
  try {
    const judged = await obtain({ split: 'validation', features: [], top: undefined });
    const { output } = model;
    const kind = outputKind(task, judged.get(output) ?? new Float32Array(0));
    const classes = classesOf(task).length;
    const top = topK === undefined ? undefined : new TopClasses({ output, kind, classes, kept: topK });
    return { validation: judged, training: await obtainTraining(top), kind, top };
  } finally {
    await predictor?.dispose();
  }
}

type SplitName = 'training' | 'validation';

/** Outputs of a teacher for a split. */
export interface WantedOutputs {
  readonly split: SplitName;
  /** Names of values inside it that are wanted, too. */
  readonly features: readonly string[];
  /** How they are packed; undefined where they are not. */
  readonly top: TopClasses | undefined;
}

/** What outputs of a teacher are known by in the cache. */
export async function requestFor(
  model: NetworkFile,
  { split, features, top }: Pick<WantedOutputs, 'split' | 'features'> & { readonly top: TopTables | undefined },
  {
    dataset,
    device,
    signal,
    cache,
  }: Pick<AskOptions, 'dataset' | 'device' | 'signal'> & { readonly cache: KeptOutputs },
): Promise<OutputsRequest> {
  return {
    teacher: model.file,
    outputs: [...new Set([...(top?.tables ?? [model.output]), ...features])],
    exact: top?.exactTables,
    device,
    samples: await digestOnce(dataset[split], dataset.sampleShape, signal),
    dataset: cache.datasetPath,
    split,
    count: dataset[split].count,
  };
}
