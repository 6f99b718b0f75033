import type { Dataset, Split } from '../data/dataset.ts';
import { randomStream } from '../data/random.ts';
import { classesOf, type Task } from '../data/task.ts';
import {
  featurePairsOf,
  preparedTargetsOf,
  type ObjectiveTerm,
  type PreparedTarget,
} from '../objectives/objectiveTerm.ts';
import type { DeviceName } from '../protocol/events.ts';
import { openNetwork, type NetworkFile } from '../training/engines/networkFile.ts';
import { featureInput, targetInput, teacherInput } from '../training/lesson.ts';
import { asLogits, outputKind } from './outputs.ts';
import { clusterOutputs, replaceByCentres } from './targets/clusterOutputs.ts';
import { mixTeachers } from './targets/mixTeachers.ts';
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
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/** What the teachers made of a dataset. */
export interface TaughtTables {
  /** For the training split [count, …], by the name of the training step's input. */
  readonly training: ReadonlyMap<string, Float32Array>;
  /** Logits of all teachers together for the validation split. */
  readonly validation: Float32Array;
}

/**
 * Runs every teacher once over the training and the validation split.
 * @throws DistilleryError `CANCELLED` when the signal aborts
 */
export async function teach({ members }: Teachers, options: TeachOptions): Promise<TaughtTables> {
  const { dataset, objective } = options;
  const { task, training, validation } = dataset;
  const perMember = training.count + validation.count;
  const tables = new Map<string, Float32Array>();
  const judged: { logits: Float32Array; weight: number }[] = [];
  const taught: { logits: Float32Array; weight: number }[] = [];
  for (const [index, { model, weight }] of members.entries()) {
    const features = index === 0 ? [...new Set(objective.flatMap(featurePairsOf).map(({ pair }) => pair.teacher))] : [];
    const outputs = await runTeacher(model, features, options, (done) => {
      options.onProgress(index * perMember + done, members.length * perMember);
    });
    for (const feature of features) tables.set(featureInput(feature), outputOf(outputs.training, feature));
    const raw = outputOf(outputs.training, model.output);
    const kind = outputKind(task, raw);
    const logits = asLogits(task, raw, kind);
    tables.set(teacherInput(index), logits);
    taught.push({ logits, weight });
    judged.push({ logits: asLogits(task, outputOf(outputs.validation, model.output), kind), weight });
  }
  const classes = classesOf(task).length;
  for (const [name, target] of preparedTargetsOf(objective)) {
    tables.set(targetInput(name), prepareTarget(target, mixTeachers(taught, classes), classes, options.seed));
  }
  return { training: tables, validation: mixOutputs(task, judged) };
}

/** Several teachers as one: their probabilities averaged, or their numbers where there are no classes. */
export function mixOutputs(
  task: Task,
  members: readonly { readonly logits: Float32Array; readonly weight: number }[],
): Float32Array {
  const [first] = members;
  if (!first || members.length === 1) return first?.logits ?? new Float32Array(0);
  if (task.kind === 'classification' || task.kind === 'token-classification') {
    return mixTeachers(members, task.classes.length);
  }
  return first.logits.map((_, index) =>
    members.reduce((sum, { logits, weight }) => sum + weight * (logits[index] ?? NaN), 0),
  );
}

async function runTeacher(
  model: NetworkFile,
  features: readonly string[],
  { dataset, device, signal }: TeachOptions,
  onProgress: (done: number) => void,
): Promise<Record<'training' | 'validation', ReadonlyMap<string, Float32Array>>> {
  const { samples, sampleShape } = dataset;
  const predictor = await openNetwork(model, { device, samples, sampleShape, features });
  const predict = (split: Split, before: number): Promise<ReadonlyMap<string, Float32Array>> =>
    predictor.predictAll(split, {
      signal,
      onProgress: (done) => {
        onProgress(before + done);
      },
    });
  try {
    const training = await predict(dataset.training, 0);
    return { training, validation: await predict(dataset.validation, dataset.training.count) };
  } finally {
    await predictor.dispose();
  }
}

function prepareTarget(target: PreparedTarget, logits: Float32Array, classes: number, seed: number): Float32Array {
  if (target === 'rank-weighted') return rankWeightedLogits(logits, classes);
  const random = randomStream(seed, `clusters ${target.clusters}`);
  return replaceByCentres(logits, clusterOutputs(logits, classes, target.clusters, random), classes);
}

function outputOf(outputs: ReadonlyMap<string, Float32Array>, name: string): Float32Array {
  return outputs.get(name) ?? new Float32Array(0);
}
