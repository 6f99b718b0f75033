import { resolve } from 'node:path';
import { BadInputError, type Problem } from '../../errors.ts';
import { experimentProblems } from '../../experiment/parseExperiment.ts';
import { keysOf, placeProblems, type Place, type Stretch } from '../../experiment/placeProblems.ts';
import type { ProblemFix } from '../../experiment/problemFixes.ts';
import { parseExperimentText } from '../../experiment/readExperimentFile.ts';
import { nearest } from '../../experiment/suggest.ts';
import type { ExperimentDraft } from '../../protocol/panel.ts';
import { isBuiltin } from '../experiments/drafts.ts';
import { missingFiles } from '../experiments/findProblems.ts';
import { pickedTexts } from '../experiments/draftPaths.ts';
import type { Translate } from '../translate.ts';
import { fileChoices } from './valueChoices.ts';
import { valueKindOf } from './valueKinds.ts';
import { isThere } from '../experiments/isThere.ts';

/** Something wrong with an experiment file, where it stands in the text, and what would mend it. */
export interface EditorProblem {
  readonly problem: Problem;
  readonly stretch: Stretch;
  readonly severity: 'error' | 'warning' | 'information';
  /** The path of the field that the fixes are about. */
  readonly path: readonly PropertyKey[];
  readonly fixes: readonly ProblemFix[];
}

export interface DiagnoseOptions {
  /** Folder that the file's relative paths start from. */
  readonly baseDirectory: string;
  readonly translate: Translate;
}

/**
 * Everything that is wrong with the text of an experiment file and can be known without opening its models and data: by the run's own
 * validation, and files that are not there.
 */
export async function diagnose(
  text: string,
  { baseDirectory, translate }: DiagnoseOptions,
): Promise<readonly EditorProblem[]> {
  let value: unknown;
  try {
    value = parseExperimentText(text);
  } catch (error) {
    if (error instanceof BadInputError) return placed(text, error.problems, 'error');
    throw error;
  }
  const draft = isDraft(value) ? value : {};
  const missing = await missingFiles(draft, baseDirectory, translate);
  const known = new Set(missing.map(({ where }) => where));
  const bySchema = experimentProblems(value, translate).filter(({ where }) => !known.has(where));
  const others = await otherFiles(draft, baseDirectory, translate);
  const nearby = await Promise.all(
    [...missing, ...others].map(async (problem) => withNearestFile(problem, draft, baseDirectory, translate)),
  );
  return [...placed(text, bySchema, 'error'), ...placed(text, nearby, 'error')];
}

/** Problems that were found elsewhere, such as by a run's checks, at their fields. Those of no field stand at the top. */
export function placed(
  text: string,
  problems: readonly (Problem & { readonly fixes?: readonly ProblemFix[] })[],
  severity: EditorProblem['severity'],
): readonly EditorProblem[] {
  const places = placeProblems(text, problems);
  return problems.map(({ where, message, hint, fixes = [] }, index) => {
    const place = places[index];
    const isAboutName = fixes.some((fix) => fix.kind === 'remove');
    return {
      problem: { where, message, ...(hint === undefined ? {} : { hint }) },
      stretch: place ? shownStretch(text, place, isAboutName) : { offset: 0, length: Math.min(1, text.length) },
      severity,
      path: keysOf(where),
      fixes,
    };
  });
}

/** What is underlined: the value, unless the name is what is wrong, or the value is long. */
function shownStretch(text: string, { field, value }: Place, isAboutName: boolean): Stretch {
  if (!value || isAboutName) return field;
  return /[{[]/.test(text.charAt(value.offset)) ? field : value;
}

/** Files beside those of the form: further data. */
async function otherFiles(
  draft: ExperimentDraft,
  baseDirectory: string,
  translate: Translate,
): Promise<readonly Problem[]> {
  const { dataset } = draft;
  const given = isDraft(dataset) ? dataset['unlabelled'] : undefined;
  const paths: readonly unknown[] = Array.isArray(given) ? given : [given];
  const missing = await Promise.all(
    paths.map(async (path, index): Promise<readonly Problem[]> => {
      if (typeof path !== 'string' || path === '' || isBuiltin(path)) return [];
      const absolute = resolve(baseDirectory, path);
      if (await isThere(absolute)) return [];
      const where = Array.isArray(given) ? `dataset.unlabelled[${index}]` : 'dataset.unlabelled';
      return [{ where, message: translate('there is no such file'), hint: translate('Looked for {0}.', absolute) }];
    }),
  );
  return missing.flat();
}

/** Says which of the files beside it a missing one was probably meant to be. */
async function withNearestFile(
  problem: Problem,
  draft: ExperimentDraft,
  baseDirectory: string,
  translate: Translate,
): Promise<Problem & { readonly fixes: readonly ProblemFix[] }> {
  const written = pickedTexts(draft).find(({ path }) => path === problem.where)?.text ?? '';
  const kind = valueKindOf(keysOf(problem.where));
  if (kind?.kind !== 'file' || written === '') return { ...problem, fixes: [] };
  const folder = written.slice(0, written.lastIndexOf('/') + 1);
  const choices = (await fileChoices(baseDirectory, folder, kind.picker)).map(({ value }) => value.replace(/\/$/, ''));
  const names = new Map(choices.map((value) => [value.slice(folder.length), value]));
  const meant = names.get(nearest(written.slice(folder.length), [...names.keys()]) ?? '');
  if (meant === undefined) return { ...problem, fixes: [] };
  return {
    ...problem,
    message: translate("there is no such file; did you mean '{0}'?", meant),
    fixes: [{ kind: 'replace', value: meant, isLikely: true }],
  };
}

function isDraft(value: unknown): value is ExperimentDraft {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
