import type { Dataset } from '../../data/dataset.ts';
import { selectSamples } from '../../data/samples/selectSamples.ts';
import { classesOf } from '../../data/task.ts';
import type { Split } from '../../data/samples/split.ts';
import { BadInputError, DistilleryError } from '../../errors.ts';
import { teachersAtSites } from '../../experiment/networkToTrain.ts';
import { experimentSchema, type Experiment } from '../../experiment/schema.ts';
import type { Prepared } from '../prepared.ts';
import { comparisonProblems, siteDatasetOptions } from './openSite.ts';

/** A site's data and its teacher, or what that is trained from, found to go with the public data. */
export interface PreparedSite {
  readonly name: string;
  /** As an experiment of its own, on the site's data. The caller disposes of its dataset. */
  readonly prepared: Prepared;
  readonly written: Experiment;
  /** The number that each of its classes has in the public dataset. */
  readonly classes: readonly number[];
  /** How many training samples of each it has. */
  readonly counts: readonly number[];
}

export interface PrepareSiteOptions {
  /** The public dataset. */
  readonly whole: Dataset;
  /** Checks an experiment of its own. */
  readonly check: (experiment: Experiment) => Promise<Prepared>;
}

/** The name of a site: the file's, or its number, counted from 1. */
export function siteName(experiment: Experiment, site: number): string {
  return teachersAtSites(experiment)?.sites[site]?.name ?? `site ${site + 1}`;
}

/**
 * Opens what a site has, and checks its teacher as that of an experiment of its own.
 * @throws BadInputError with every problem, at the fields of `teacher.sites[N]`
 */
export async function prepareSite(
  experiment: Experiment,
  site: number,
  { whole, check }: PrepareSiteOptions,
): Promise<PreparedSite> {
  const where = `teacher.sites[${site}]`;
  const named = teachersAtSites(experiment)?.sites[site];
  if (!named) throw new DistilleryError('BAD_INPUT', `The experiment has no site ${site}: they are counted from 0.`);
  const written = experimentOf(experiment, named, whole);
  let prepared: Prepared;
  try {
    prepared = await check(written);
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error;
    // What is wrong beside them is told of the experiment itself.
    const own = error.problems.filter((problem) => /^(teacher|dataset)\b/.test(problem.where));
    const told = own.length > 0 ? own : error.problems;
    throw new BadInputError(told.map((problem) => ({ ...problem, where: `${where}.${problem.where}` })));
  }
  const { dataset } = prepared;
  const problems = comparisonProblems(whole, dataset, where);
  const [all, own] = [classesOf(whole.task), classesOf(dataset.task)];
  const counts = countsOf(dataset.training, own.length);
  if (problems.length === 0 && counts.every((count) => count === 0)) {
    problems.push({ where, message: 'has no sample with a class.', hint: 'A site teaches what it has labels for.' });
  }
  if (problems.length > 0) {
    await dataset.dispose();
    throw new BadInputError(problems);
  }
  const had = { ...dataset, validation: ofClasses(dataset.validation, counts) };
  return {
    name: siteName(experiment, site),
    prepared: { ...prepared, dataset: had },
    written,
    classes: own.map((name) => all.indexOf(name)),
    counts,
  };
}

type Site = NonNullable<ReturnType<typeof teachersAtSites>>['sites'][number];

/** What a site does, as an experiment of its own whose student is of no interest. */
function experimentOf(experiment: Experiment, { dataset, teacher }: Site, whole: Dataset): Experiment {
  const student = whole.samples.kind === 'tokens' ? { architecture: 'textcnn' } : { architecture: 'mlp', hidden: [1] };
  const { training, device, engine, augmentation } = experiment;
  const own = { ...experiment.dataset, limit: undefined, exclude: undefined };
  return experimentSchema.parse({
    teacher,
    dataset: siteDatasetOptions(own, dataset),
    student,
    objective: [{ loss: 'labels' }],
    training,
    device,
    engine,
    augmentation,
    baseline: false,
  });
}

function countsOf({ targets }: Split, classes: number): readonly number[] {
  const counts = Array<number>(classes).fill(0);
  if (targets.kind === 'classes')
    for (const label of targets.labels) if (label >= 0) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

/** The samples of the classes that the site trains on: it is not to be judged by others. */
function ofClasses(split: Split, counts: readonly number[]): Split {
  const { targets } = split;
  if (targets.kind !== 'classes' || !counts.includes(0)) return split;
  const all = Int32Array.from({ length: split.count }, (_, index) => index);
  return selectSamples(
    split,
    all.filter((index) => (counts[targets.labels[index] ?? -1] ?? 0) > 0),
  );
}
