import { isDeepStrictEqual } from 'node:util';
import type { Dataset, DatasetOptions } from '../../data/dataset.ts';
import { openDataset } from '../../data/openDataset.ts';
import { classesOf } from '../../data/task.ts';
import { BadInputError, type Problem } from '../../errors.ts';
import { problemsOf } from '../problemsOf.ts';

/** What of a site's data is said otherwise than of the experiment's. */
export interface SiteOptions {
  readonly path?: string | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly limit?: number | undefined;
}

export interface OpenSiteOptions {
  /** The field that names the site, such as `rounds.sites[0]`. */
  readonly where: string;
  /** The experiment's `dataset`, which says how all are prepared. */
  readonly dataset: DatasetOptions;
  /** The same opened, whose classes are those of all. */
  readonly whole: Dataset;
  readonly baseDirectory: string;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** A site's data. */
export interface SiteData {
  /** The caller disposes of it. */
  readonly dataset: Dataset;
  /** The number that each of its classes has in the experiment's dataset. */
  readonly classes: readonly number[];
}

/** How a site's data are opened: prepared as the experiment's are, and otherwise as the site says. */
export function siteDatasetOptions(dataset: DatasetOptions, site: SiteOptions): DatasetOptions {
  return { ...dataset, unlabelled: undefined, synthesize: undefined, ...site, path: site.path ?? dataset.path };
}

/**
 * Opens what a site has, and checks that it goes with the experiment's dataset.
 * @throws BadInputError with everything that keeps them from being compared
 */
export async function openSite(site: SiteOptions, options: OpenSiteOptions): Promise<SiteData> {
  const { where, whole, baseDirectory, seed, signal } = options;
  let dataset: Dataset;
  try {
    dataset = await openDataset(siteDatasetOptions(options.dataset, site), { baseDirectory, seed, signal });
  } catch (error) {
    // What is wrong with the site's data is told at the site.
    const problems = problemsOf(`${where}.dataset`, error);
    throw new BadInputError(
      problems.map((problem) => ({ ...problem, where: problem.where.replace(/^dataset/, `${where}.dataset`) })),
    );
  }
  const problems = comparisonProblems(whole, dataset, where);
  if (problems.length > 0) {
    await dataset.dispose();
    throw new BadInputError(problems);
  }
  const all = classesOf(whole.task);
  return { dataset, classes: classesOf(dataset.task).map((name) => all.indexOf(name)) };
}

/** What keeps a site's data from being compared with those of the experiment. @param where the field that names the site */
export function comparisonProblems(whole: Dataset, site: Dataset, where: string): Problem[] {
  const problems: Problem[] = [];
  const [all, own] = [classesOf(whole.task), classesOf(site.task)];
  if (whole.task.kind !== site.task.kind || !isDeepStrictEqual(whole.sampleShape, site.sampleShape)) {
    problems.push({
      where,
      message: `has samples of shape [${site.sampleShape.join(', ')}] for ${site.task.kind}; those of 'dataset' have shape [${whole.sampleShape.join(', ')}] and are for ${whole.task.kind}`,
      hint: 'All sites need the same kind of data.',
    });
  }
  const unknown = own.filter((name) => !all.includes(name));
  if (unknown.length > 0) {
    problems.push({
      where,
      message: `has ${unknown.length === 1 ? 'a class' : 'classes'} that 'dataset' lacks: ${unknown.join(', ')}`,
      hint: 'The dataset of the experiment, whose validation and test splits judge, must have the classes of all sites.',
    });
  }
  if (!isDeepStrictEqual(whole.preparation, site.preparation)) {
    problems.push({
      where,
      message: "is prepared otherwise than 'dataset', because something of it was found out from its own samples",
      hint: 'Say in the file what is to be done to all: dataset.normalization, dataset.resize, dataset.tokenizer, dataset.scaling.',
    });
  }
  return problems;
}
