import type { Dataset } from '../data/dataset.ts';
import { randomStream } from '../data/random.ts';
import { classesOf } from '../data/task.ts';
import { preparedTargetsOf, type ObjectiveTerm, type PreparedTarget } from '../objectives/objectiveTerm.ts';
import type { DeviceName } from '../protocol/events.ts';
import type { TaughtBySites } from '../report/sites.ts';
import type { Teaching } from '../training/batchFeeder.ts';
import type { NetworkFile } from '../training/engines/networkFile.ts';
import { featureInput, targetInput, teacherInput } from '../training/trainingTask.ts';
import { askTeacher, type KeptOutputs } from './askTeacher.ts';
import type { Outputs } from './cache/outputsFile.ts';
import { LiveTeaching, type LiveMember, type LiveTeachingOptions } from './liveTeaching.ts';
import { mixOutputs } from './mixOutputs.ts';
import { openSource, type Asking } from './openSource.ts';
import { comparedFeatures, trainingOf, whenAsked } from './planOutputs.ts';
import { asLogits } from './outputKind.ts';
import { TableTeaching } from './tableTeaching.ts';
import { clusterOutputs, replaceByCentres } from './targets/clusterOutputs.ts';
import { rankWeightedLogits } from './targets/rankWeighted.ts';
import type { TopClasses } from './topClasses.ts';

/** The teachers of a run and the share of each; the shares sum to 1. */
export interface Teachers {
  readonly members: readonly { readonly model: NetworkFile; readonly weight: number }[];
  /** What teachers at sites say together, where that is all that is known of them; there are no `members` then. */
  readonly said?: SaidAtSites | undefined;
}

/** Logits [count, classes] of the transfer set and of the other splits, by teachers that cannot be asked. */
export interface SaidAtSites {
  readonly training: Float32Array;
  readonly validation: Float32Array;
  readonly test: Float32Array;
  /** Who they are, and how well they do. */
  readonly report: TaughtBySites;
}

export interface TeachOptions {
  readonly dataset: Dataset;
  readonly objective: readonly ObjectiveTerm[];
  readonly device: DeviceName;
  readonly seed: number;
  /** When the teachers are asked about the training split; by default beforehand. */
  readonly asking?: Asking | undefined;
  /** How many of the most probable classes are kept of what they say of the training split; by default all. */
  readonly topK?: number | undefined;
  /** Where outputs of earlier runs lie, and those of this one are kept. */
  readonly cache?: KeptOutputs | undefined;
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

/** What one teacher said, and how it is to be understood. */
interface Heard {
  readonly model: NetworkFile;
  readonly weight: number;
  readonly kind: 'logits' | 'probabilities';
  readonly top: TopClasses | undefined;
  /** Names of values inside it that are wanted. */
  readonly features: readonly string[];
  readonly validation: Outputs;
  /** Undefined where it has not been asked about the training split. */
  readonly training: Outputs | undefined;
}

/**
 * Runs every teacher over the validation split and, unless it is to be asked about every batch or as the first epoch goes on, over
 * the training split.
 * @throws DistilleryError `CANCELLED` when the signal aborts
 */
export async function teach({ members, said }: Teachers, options: TeachOptions): Promise<TaughtSplits> {
  if (said) return teachWhatWasSaid(said, options);
  const { dataset, objective, onProgress } = options;
  const { task } = dataset;
  const features = comparedFeatures(objective);
  const prepared = preparedTargetsOf(objective);
  const asking = whenAsked(options.asking, prepared);
  const isUnaltered = asking.kind === 'beforehand' || asking.kind === 'first-epoch';
  const heard: Heard[] = [];
  for (const [index, { model, weight }] of members.entries()) {
    const wanted = index === 0 ? features : [];
    const said = await askTeacher(model, {
      ...options,
      features: isUnaltered ? wanted : [],
      training: trainingOf(asking, prepared),
      // Of what is said at every step, nothing is kept.
      topK: asking.kind === 'every-step' ? undefined : options.topK,
      onProgress: (done, total) => {
        onProgress(index * total + done, members.length * total);
      },
    });
    heard.push({ model, weight, features: wanted, ...said });
  }
  const validation = mixed(dataset, heard, 'validation');
  const logits = prepared.size > 0 ? mixed(dataset, heard, 'training') : new Float32Array(0);
  const classes = classesOf(task).length;
  const targets = targetMakers(prepared, logits, { classes, seed: options.seed });
  if (isUnaltered && heard.every(({ training, top }) => training && !top)) {
    const tables = tabulate(dataset, heard);
    for (const [name, make] of targets) tables.set(targetInput(name), make(logits, classes));
    const teaching = new TableTeaching(tables, dataset.training.count);
    return { teaching, validation, dispose: () => Promise.resolve() };
  }
  const asked: LiveMember[] = [];
  const teaching = new LiveTeaching({ task, members: asked, targets });
  try {
    for (const teacher of heard) {
      const source = await openSource(teacher, options, asking);
      const kind = teacher.top ? 'logits' : teacher.kind;
      asked.push({ ...teacher, kind, output: teacher.model.output, source });
    }
  } catch (error) {
    await teaching.dispose();
    throw error;
  }
  return { teaching, validation, dispose: () => teaching.dispose() };
}

/** The same of teachers that have said all that they will. */
function teachWhatWasSaid(said: SaidAtSites, { dataset, objective, seed }: TeachOptions): TaughtSplits {
  const { training: logits, validation } = said;
  const classes = classesOf(dataset.task).length;
  const tables = new Map([[teacherInput(0), logits]]);
  for (const [name, make] of targetMakers(preparedTargetsOf(objective), logits, { classes, seed })) {
    tables.set(targetInput(name), make(logits, classes));
  }
  const teaching = new TableTeaching(tables, dataset.training.count);
  return { teaching, validation, dispose: () => Promise.resolve() };
}

/** What the teachers said of the training split, by the name of the training step's input. */
function tabulate(dataset: Dataset, heard: readonly Heard[]): Map<string, Float32Array> {
  const tables = new Map<string, Float32Array>();
  heard.forEach((teacher, index) => {
    tables.set(teacherInput(index), logitsOf(dataset, teacher, 'training'));
    for (const name of teacher.features) tables.set(featureInput(name), outputOf(teacher.training, name));
  });
  return tables;
}

/** Logits of one teacher for a split; empty where it was not asked about it. */
function logitsOf({ task }: Dataset, teacher: Heard, split: 'training' | 'validation'): Float32Array {
  return asLogits(task, outputOf(teacher[split], teacher.model.output), teacher.kind);
}

/** Logits of all teachers together for a split. */
function mixed(dataset: Dataset, heard: readonly Heard[], split: 'training' | 'validation'): Float32Array {
  const spoken = heard.map((teacher) => ({ logits: logitsOf(dataset, teacher, split), weight: teacher.weight }));
  return mixOutputs(dataset.task, spoken);
}

function targetMakers(
  prepared: ReadonlyMap<string, PreparedTarget>,
  logits: Float32Array,
  { classes, seed }: { readonly classes: number; readonly seed: number },
): LiveTeachingOptions['targets'] {
  return new Map([...prepared].map(([name, target]) => [name, targetMaker(target, logits, classes, seed)]));
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

function outputOf(outputs: Outputs | undefined, name: string): Float32Array {
  return outputs?.get(name) ?? new Float32Array(0);
}
