import type { Dataset } from '../data/dataset.ts';
import { randomStream } from '../data/random.ts';
import { classesOf } from '../data/task.ts';
import {
  featurePairsOf,
  preparedTargetsOf,
  type ObjectiveTerm,
  type PreparedTarget,
} from '../objectives/objectiveTerm.ts';
import type { DeviceName } from '../protocol/events.ts';
import type { Teaching } from '../training/batchFeeder.ts';
import { openNetwork, type NetworkFile } from '../training/engines/networkFile.ts';
import type { Predictor } from '../training/engines/predictor.ts';
import { featureInput, targetInput, teacherInput } from '../training/lesson.ts';
import { digestOnce } from './cache/digestOnce.ts';
import type { OutputCache } from './cache/outputCache.ts';
import { LiveTeaching, type LiveMember, type LiveTeachingOptions } from './liveTeaching.ts';
import { mixOutputs, type SpokenLogits } from './mixOutputs.ts';
import { asLogits, outputKind } from './outputs.ts';
import { TableTeaching } from './tableTeaching.ts';
import { clusterOutputs, replaceByCentres } from './targets/clusterOutputs.ts';
import { rankWeightedLogits } from './targets/rankWeighted.ts';

/** The teachers of a run and the share of each; the shares sum to 1. */
export interface Teachers {
  readonly members: readonly { readonly model: NetworkFile; readonly weight: number }[];
}

export interface TeachOptions {
  readonly dataset: Dataset;
  readonly objective: readonly ObjectiveTerm[];
  readonly device: DeviceName;
  readonly seed: number;
  /** The size of the batches when the teachers are to be asked about every batch anew, because samples change at random. */
  readonly liveBatch?: number | undefined;
  /** Where outputs of earlier runs lie, and those of this one are kept. */
  readonly cache?: { readonly outputs: OutputCache; readonly datasetPath: string } | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/** What the teachers make of a dataset. The caller disposes of it. */
export interface TaughtSplits {
  readonly teaching: Teaching;
  /** Logits of all teachers together for the validation split. */
  readonly validation: Float32Array;
  dispose(): Promise<void>;
}

/**
 * Runs every teacher once over the validation split and, unless it is to be asked about every batch, the training split.
 * @throws DistilleryError `CANCELLED` when the signal aborts
 */
export async function teach({ members }: Teachers, options: TeachOptions): Promise<TaughtSplits> {
  const { dataset, objective, liveBatch } = options;
  const { task } = dataset;
  const features = [...new Set(objective.flatMap(featurePairsOf).map(({ pair }) => pair.teacher))];
  const prepared = preparedTargetsOf(objective);
  const needsTraining = liveBatch === undefined || [...prepared.values()].some((target) => target !== 'rank-weighted');
  const heard: Heard[] = [];
  for (const [index, { model, weight }] of members.entries()) {
    const wanted = index === 0 && liveBatch === undefined ? features : [];
    const outputs = await askTeacher(model, wanted, { ...options, needsTraining }, index, members.length);
    const kind = outputKind(task, outputOf(outputs.validation, model.output));
    const logitsOf = (split: ReadonlyMap<string, Float32Array>): Float32Array =>
      asLogits(task, outputOf(split, model.output), kind);
    heard.push({
      weight,
      kind,
      validation: logitsOf(outputs.validation),
      training: needsTraining ? logitsOf(outputs.training) : new Float32Array(0),
      features: new Map(wanted.map((name) => [name, outputOf(outputs.training, name)])),
    });
  }
  const validation = mixOutputs(
    task,
    heard.map(({ validation: logits, weight }) => ({ logits, weight })),
  );
  const mixed = mixOutputs(
    task,
    heard.map(({ training: logits, weight }) => ({ logits, weight })),
  );
  const classes = classesOf(task).length;
  const targets: LiveTeachingOptions['targets'] = new Map(
    [...prepared].map(([name, target]) => [name, targetMaker(target, mixed, classes, options.seed)]),
  );
  if (liveBatch !== undefined) {
    const live = await openLive(members, heard, { ...options, liveBatch, features, targets });
    return { teaching: live, validation, dispose: () => live.dispose() };
  }
  const tables = new Map<string, Float32Array>();
  heard.forEach(({ training, features: found }, index) => {
    tables.set(teacherInput(index), training);
    for (const [name, table] of found) tables.set(featureInput(name), table);
  });
  for (const [name, make] of targets) tables.set(targetInput(name), make(mixed, classes));
  const teaching = new TableTeaching(tables, dataset.training.count);
  return { teaching, validation, dispose: () => Promise.resolve() };
}

/** What one teacher said. */
interface Heard {
  readonly weight: number;
  readonly kind: 'logits' | 'probabilities';
  readonly training: SpokenLogits['logits'];
  readonly validation: SpokenLogits['logits'];
  readonly features: ReadonlyMap<string, Float32Array>;
}

type SplitName = 'training' | 'validation';
type Outputs = Record<SplitName, ReadonlyMap<string, Float32Array>>;

interface AskOptions extends TeachOptions {
  readonly needsTraining: boolean;
}

async function askTeacher(
  model: NetworkFile,
  features: readonly string[],
  { dataset, device, signal, onProgress, needsTraining, cache }: AskOptions,
  index: number,
  teachers: number,
): Promise<Outputs> {
  const { samples, sampleShape, validation } = dataset;
  const perTeacher = validation.count + (needsTraining ? dataset.training.count : 0);
  // A teacher whose outputs are all there need not be opened.
  let predictor: Predictor | undefined;
  const predict = async (name: SplitName, before: number): Promise<ReadonlyMap<string, Float32Array>> => {
    predictor ??= await openNetwork(model, { device, samples, sampleShape, features });
    return predictor.predictAll(dataset[name], {
      signal,
      onProgress: (done) => {
        onProgress(index * perTeacher + before + done, teachers * perTeacher);
      },
    });
  };
  const obtain = async (split: SplitName, before: number, inside: readonly string[]) => {
    if (!cache) return predict(split, before);
    const digest = await digestOnce(dataset[split], sampleShape, signal);
    const outputs = [...new Set([model.output, ...inside])];
    const { count } = dataset[split];
    const request = { teacher: model.file, outputs, device, samples: digest, dataset: cache.datasetPath, split, count };
    return cache.outputs.obtain(request, () => predict(split, before));
  };
  try {
    const judged = await obtain('validation', 0, []);
    return {
      validation: judged,
      training: needsTraining ? await obtain('training', validation.count, features) : new Map(),
    };
  } finally {
    await predictor?.dispose();
  }
}

interface LiveOptions extends TeachOptions {
  readonly liveBatch: number;
  readonly features: readonly string[];
  readonly targets: LiveTeachingOptions['targets'];
}

async function openLive(
  members: Teachers['members'],
  heard: readonly Heard[],
  { dataset, device, liveBatch, features, targets }: LiveOptions,
): Promise<LiveTeaching> {
  const { task, samples, sampleShape } = dataset;
  const opened: LiveMember[] = [];
  try {
    for (const [index, { model, weight }] of members.entries()) {
      const wanted = index === 0 ? features : [];
      const form = { device, samples, sampleShape, batchSize: liveBatch, features: wanted };
      const predictor = await openNetwork(model, form);
      const kind = heard[index]?.kind ?? 'logits';
      opened.push({ predictor, weight, output: model.output, kind, features: wanted });
    }
  } catch (error) {
    for (const { predictor } of opened) await predictor.dispose();
    throw error;
  }
  return new LiveTeaching({ task, members: opened, targets });
}

/** How a prepared target is made of logits. @param logits of the transfer set, which clusters are found in */
function targetMaker(
  target: PreparedTarget,
  logits: Float32Array,
  classes: number,
  seed: number,
): (rows: Float32Array, classes: number) => Float32Array {
  if (target === 'rank-weighted') return rankWeightedLogits;
  const random = randomStream(seed, `clusters ${target.clusters}`);
  const centres = clusterOutputs(logits, classes, target.clusters, random);
  return (rows) => replaceByCentres(rows, centres, classes);
}

function outputOf(outputs: ReadonlyMap<string, Float32Array>, name: string): Float32Array {
  return outputs.get(name) ?? new Float32Array(0);
}
