import { BadInputError, type Problem } from '../../errors.ts';
import type { DatasetOptions, OpenContext } from '../dataset.ts';
import { information, type Finding } from '../findings/finding.ts';
import { openPacked } from '../archives/openPacked.ts';
import { BUILTIN_DIGITS } from '../formats/digits/builtinDigits.ts';
import type { LateFindings } from '../findings/lateFindings.ts';
import { isTableName } from '../formats/tables/tableFormats.ts';
import { locate } from '../location.ts';
import type { Split } from '../samples/split.ts';
import { joinSplits } from './joinSplits.ts';
import type { Labelled, UnlabelledRequest, UnlabelledSamples } from './prepared.ts';
import { unlabelledDigits, unlabelledImages } from './unlabelledImages.ts';
import { unlabelledRows, unlabelledTexts } from './unlabelledTables.ts';
import { unlabelledWords } from './unlabelledWords.ts';

/** All samples without labels, and what was found out about them. */
export interface OpenedUnlabelled {
  readonly split: Split;
  readonly findings: readonly Finding[];
  readonly lateFindings: readonly LateFindings[];
  dispose(): Promise<void>;
}

/** The paths of `dataset.unlabelled`. */
function unlabelledPaths({ unlabelled = [] }: Pick<DatasetOptions, 'unlabelled'>): readonly string[] {
  return typeof unlabelled === 'string' ? [unlabelled] : unlabelled;
}

/**
 * Opens the samples without labels that an experiment names and prepares them as the training split was prepared, whatever format they
 * are in. Undefined where there are none.
 *
 * @param labelled the dataset that they are taught with
 * @throws BadInputError with everything that is wrong with all of them
 */
export async function openUnlabelled(
  labelled: Labelled,
  options: DatasetOptions,
  context: OpenContext,
): Promise<OpenedUnlabelled | undefined> {
  const paths = unlabelledPaths(options);
  if (paths.length === 0) return undefined;
  const problems: Problem[] = [];
  const opened: UnlabelledSamples[] = [];
  const dispose = async (): Promise<void> => {
    for (const each of opened) await each.dispose?.();
  };
  const findings: Finding[] = [];
  try {
    for (const [index, path] of paths.entries()) {
      const where = fieldOf(options, index);
      try {
        const samples = await openOne(path, labelled, options, context);
        opened.push(samples);
        if (samples.split.count === 0) problems.push({ where, message: `${path} has no samples.` });
        findings.push(
          information(where, `${path}: ${samples.split.count} samples without labels, which the teacher labels.`),
          ...samples.findings.map((finding) => ({ ...finding, where })),
        );
      } catch (error) {
        if (!(error instanceof BadInputError)) throw error;
        problems.push(...error.problems.map((problem) => ({ ...problem, where })));
      }
    }
    if (problems.length > 0) throw new BadInputError(problems);
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    split: joinSplits(opened.map(({ split }) => split)),
    findings,
    lateFindings: opened.flatMap(({ lateFindings }) => lateFindings ?? []),
    dispose,
  };
}

/**
 * What can be said of the samples without labels where the labelled data could not be opened: whether there is something at all.
 */
export async function missingUnlabelled(options: DatasetOptions, context: OpenContext): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const [index, path] of unlabelledPaths(options).entries()) {
    if (path === BUILTIN_DIGITS) continue;
    try {
      await locate(path, context.baseDirectory);
    } catch (error) {
      if (!(error instanceof BadInputError)) throw error;
      problems.push(...error.problems.map((problem) => ({ ...problem, where: fieldOf(options, index) })));
    }
  }
  return problems;
}

function fieldOf({ unlabelled }: DatasetOptions, index: number): string {
  return typeof unlabelled === 'string' ? 'dataset.unlabelled' : `dataset.unlabelled[${index}]`;
}

async function openOne(
  path: string,
  labelled: Labelled,
  options: DatasetOptions,
  context: OpenContext,
): Promise<UnlabelledSamples> {
  const { preparation } = labelled;
  const isImages = preparation.kind === 'pixels' || preparation.kind === 'arrays';
  if (path === BUILTIN_DIGITS && isImages) return unlabelledDigits({ labelled });
  const location = await locate(path, context.baseDirectory);
  const unpacked = await openPacked(location, isTableName, undefined, context.signal);
  const request = { location: unpacked?.location ?? location, labelled, options, context };
  if (!unpacked) return openAt(request);
  try {
    const samples = await openAt(request);
    if (!samples.dispose) await unpacked.remove();
    return {
      ...samples,
      findings: [...unpacked.findings, ...samples.findings],
      ...(samples.dispose && {
        dispose: async () => {
          await samples.dispose?.();
          await unpacked.remove();
        },
      }),
    };
  } catch (error) {
    await unpacked.remove();
    throw unpacked.reworded(error);
  }
}

function openAt(request: UnlabelledRequest): Promise<UnlabelledSamples> {
  const { preparation, task } = request.labelled;
  switch (preparation.kind) {
    case 'pixels':
    case 'arrays':
      return unlabelledImages(request);
    case 'table':
      return unlabelledRows(request, preparation);
    case 'text':
      return task.kind === 'token-classification'
        ? unlabelledWords(request, preparation)
        : unlabelledTexts(request, preparation);
  }
}
