import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import type { Dataset } from '../../data/dataset.ts';
import { randomStream } from '../../data/random.ts';
import { withTargets } from '../../data/samples/withTargets.ts';
import { selectSamples } from '../../data/samples/selectSamples.ts';
import type { Split } from '../../data/samples/split.ts';
import { classesOf } from '../../data/task.ts';
import { BadInputError } from '../../errors.ts';
import type { DeviceName } from '../../protocol/events.ts';
import { needsTeacher, type ObjectiveTerm } from '../../objectives/objectiveTerm.ts';
import { openSite, type SiteData } from '../../preflight/sites/openSite.ts';
import { runFiles } from '../../runFolder/runFolder.ts';
import { teach, type Teachers } from '../../teacher/teach.ts';
import type { Teaching } from '../../training/batchFeeder.ts';
import { RoundFiles } from '../../training/rounds/roundFiles.ts';
import type { RoundPart, RoundsOptions, RoundWorker } from '../../training/rounds/trainInRounds.ts';
import type { Run } from '../run.ts';

/** What workers of a training have, and how often they speak. */
interface OwnedRounds extends RoundsOptions {
  dispose(): Promise<void>;
}

interface RoundsMaterial {
  /** Of the training: the name of its network's file. */
  readonly name: string;
  readonly training: Split;
  readonly teaching: Teaching | undefined;
  readonly objective: readonly ObjectiveTerm[];
  readonly teachers: Teachers | undefined;
  readonly device: DeviceName;
}

/** Trains with the workers that the experiment asks for, where it does (see `openRounds`), and disposes of them. */
export async function withRounds<Result>(
  run: Run,
  material: RoundsMaterial,
  train: (rounds: RoundsOptions | undefined) => Promise<Result>,
): Promise<Result> {
  const rounds = openRounds(run, material);
  try {
    return await train(rounds);
  } finally {
    await rounds?.dispose();
  }
}

/**
 * The workers of a training, where the experiment has the section `rounds`; undefined where it has none. What a site has is opened when it
 * is that site's turn, so that a process which does one site's part sees no other's data; it fails with a `BadInputError` where its data
 * do not go with those of the experiment.
 */
function openRounds(run: Run, material: RoundsMaterial): OwnedRounds | undefined {
  const { shared } = run;
  const { rounds } = run.experiment;
  if (!rounds) return undefined;
  const { localSteps, outerLearningRate, outerMomentum, sites } = rounds;
  const opened: { dispose(): Promise<void> }[] = [];
  const workers = sites?.length ?? rounds.workers ?? 1;
  const known = new Map<number, Promise<RoundWorker>>();
  const open = (worker: number): Promise<RoundWorker> =>
    sites ? openWorker(run, worker, material, opened) : Promise.resolve(shareOf(run, material, { worker, workers }));
  tellLeftOut(run);
  return {
    workers,
    open: (worker) => {
      const opening = known.get(worker) ?? open(worker);
      known.set(worker, opening);
      return opening;
    },
    samples: material.training.count,
    localSteps,
    outerLearningRate,
    outerMomentum,
    files: new RoundFiles(
      join(shared ? join(shared.folder, runFiles.rounds) : run.folder.file('rounds'), material.name),
    ),
    part: roundPartOf(shared?.part),
    dispose: async () => {
      for (const each of opened) await each.dispose();
    },
  };
}

function roundPartOf(part: NonNullable<Run['shared']>['part']): RoundPart | undefined {
  return part?.kind === 'worker' || part?.kind === 'merge' ? part : undefined;
}

/** A worker's part of the training split, drawn by the seed: as many samples for each, but for a remainder. */
function shareOf(
  run: Run,
  { training, teaching }: RoundsMaterial,
  { worker, workers }: { readonly worker: number; readonly workers: number },
): RoundWorker {
  const order = Int32Array.from({ length: training.count }, (_, index) => index);
  randomStream(run.experiment.training.seed, 'workers').shuffle(order);
  const own = order.filter((_, index) => index % workers === worker).sort();
  return { training: selectSamples(training, own), teaching: teaching && teachingOf(teaching, own) };
}

/** What teachers say of some samples of a split, counted from 0 among these. */
function teachingOf(teaching: Teaching, own: Int32Array): Teaching {
  const inSplit = (indices: ArrayLike<number>): Int32Array => Int32Array.from(indices, (index) => own[index] ?? 0);
  return {
    write: (batch, target) => teaching.write({ ...batch, indices: inSplit(batch.indices) }, target),
    announce: (order) => {
      teaching.announce?.(inSplit(order));
    },
  };
}

async function openWorker(
  run: Run,
  site: number,
  { objective, teachers, device }: RoundsMaterial,
  opened: { dispose(): Promise<void> }[],
): Promise<RoundWorker> {
  const { experiment, prepared, baseDirectory, signal } = run;
  const { dataset: whole } = prepared;
  const { seed } = experiment.training;
  const where = `rounds.sites[${site}]`;
  const data = await openSite(experiment.rounds?.sites?.[site]?.dataset ?? {}, {
    where,
    dataset: experiment.dataset,
    whole,
    baseDirectory,
    seed,
    signal,
  });
  opened.push(data.dataset);
  const relabelled = withClassesOf(whole, data, where);
  if (!teachers || !objective.some(needsTeacher)) return { training: relabelled.training, teaching: undefined };
  const taught = await teach(teachers, {
    dataset: relabelled,
    objective,
    device,
    seed,
    signal,
    onProgress: () => undefined,
  });
  opened.push(taught);
  return { training: relabelled.training, teaching: taught.teaching };
}

/** The site's samples with the numbers that their classes have in the experiment's dataset, in place of its own training split. */
function withClassesOf(whole: Dataset, { dataset: { training }, classes }: SiteData, where: string): Dataset {
  const { targets } = training;
  const isRenumbered = !isDeepStrictEqual(classes, [...classesOf(whole.task).keys()]);
  if (!isRenumbered) return { ...whole, training };
  if (targets.kind !== 'classes') {
    throw new BadInputError([
      { where, message: 'has other classes than the dataset, which is possible for classification alone' },
    ]);
  }
  const labels = targets.labels.map((label) => (label < 0 ? label : (classes[label] ?? -1)));
  return { ...whole, training: withTargets(training, { ...targets, labels }) };
}

/** What would end a training early is not looked at: a worker knows nothing of the others. */
function tellLeftOut({ written, onEvent }: Run): void {
  const { maxMinutes, patience, targetAccuracy, epochs } = written.training;
  const left = Object.entries({ maxMinutes, patience, targetAccuracy }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  if (epochs === 'auto') left.push('epochs: auto, beyond its planned number');
  if (left.length === 0) return;
  onEvent({
    kind: 'warning',
    problem: {
      where: 'rounds',
      message: `A training in rounds goes on to its planned end: ${left.join(', ')} ${left.length === 1 ? 'is' : 'are'} not looked at.`,
      hint: 'Name epochs or maxSteps.',
    },
  });
}
