import type { Dataset } from '../data/dataset.ts';
import type { DeviceName } from '../protocol/events.ts';
import { openNetwork, type NetworkFile } from '../training/engines/networkFile.ts';
import type { Predictor } from '../training/engines/predictor.ts';
import { digestOnce } from './cache/digestOnce.ts';
import type { OutputCache, OutputsRequest } from './cache/outputCache.ts';
import type { Outputs } from './cache/outputsFile.ts';

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
  /** Whether its outputs for the training split are wanted now, only if they are on the disk, or not at all. */
  readonly training: 'now' | 'if-kept' | 'not';
}

/** What a teacher says of the splits, [count, …] by the name of the output or value. */
export interface Said {
  readonly validation: Outputs;
  /** Undefined where it was not asked. */
  readonly training: Outputs | undefined;
}

/**
 * Runs a teacher over the validation split, and over the training split where that is wanted now; or reads what it said in an
 * earlier run.
 *
 * @throws DistilleryError `CANCELLED` when the signal aborts
 */
export async function askTeacher(model: NetworkFile, options: AskOptions): Promise<Said> {
  const { dataset, device, signal, onProgress, features, training, cache } = options;
  const { samples, sampleShape, validation } = dataset;
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
  const obtain = async (split: SplitName, inside: readonly string[]): Promise<Outputs> =>
    cache
      ? cache.outputs.obtain(await requestFor(model, split, inside, { ...options, cache }), () => predict(split))
      : predict(split);
  const obtainTraining = async (): Promise<Outputs | undefined> => {
    switch (training) {
      case 'now':
        return obtain('training', features);
      case 'if-kept':
        return cache?.outputs.find(await requestFor(model, 'training', features, { ...options, cache }));
      case 'not':
        return undefined;
    }
  };
  try {
    const judged = await obtain('validation', []);
    return { validation: judged, training: await obtainTraining() };
  } finally {
    await predictor?.dispose();
  }
}

type SplitName = 'training' | 'validation';

/** What the outputs of a teacher for a split are known by in the cache. @param inside names of values inside it */
export async function requestFor(
  model: NetworkFile,
  split: SplitName,
  inside: readonly string[],
  {
    dataset,
    device,
    signal,
    cache,
  }: Pick<AskOptions, 'dataset' | 'device' | 'signal'> & { readonly cache: KeptOutputs },
): Promise<OutputsRequest> {
  return {
    teacher: model.file,
    outputs: [...new Set([model.output, ...inside])],
    device,
    samples: await digestOnce(dataset[split], dataset.sampleShape, signal),
    dataset: cache.datasetPath,
    split,
    count: dataset[split].count,
  };
}
