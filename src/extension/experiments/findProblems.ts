import { resolve } from 'node:path';
import type { Problem } from '../../errors.ts';
import { experimentProblems } from '../../experiment/parseExperiment.ts';
import type { ExperimentDraft } from '../../protocol/panel.ts';
import type { Translate } from '../translate.ts';
import { pickedTexts } from './draftPaths.ts';
import { isBuiltin } from './drafts.ts';
import { isThere } from './isThere.ts';

/**
 * Everything that is wrong with a draft and can be known without opening its models and data: what the schema says,
 * and files that are not there.
 */
export async function findProblems(
  draft: ExperimentDraft,
  baseDirectory: string,
  translate: Translate,
): Promise<readonly Problem[]> {
  const files = await missingFiles(draft, baseDirectory, translate);
  // The schema calls a field empty that nobody has come to yet.
  const known = new Set(files.map((problem) => problem.where));
  return [...schemaProblems(draft, translate).filter((problem) => !known.has(problem.where)), ...files];
}

/** The files that a draft names and that are not there, and those that are not named yet. */
export async function missingFiles(
  draft: ExperimentDraft,
  baseDirectory: string,
  translate: Translate,
): Promise<readonly Problem[]> {
  const missing = await Promise.all(
    pickedTexts(draft).map(async ({ path: where, text }) => {
      if (isBuiltin(text)) return [];
      if (text === '') return [{ where, message: translate('nothing is chosen yet') }];
      const path = resolve(baseDirectory, text);
      if (await isThere(path)) return [];
      return [{ where, message: translate('there is no such file'), hint: translate('Looked for {0}.', path) }];
    }),
  );
  return missing.flat();
}

function schemaProblems(draft: ExperimentDraft, translate: Translate): readonly Problem[] {
  return experimentProblems(draft, translate).map(({ where, message, hint }) => ({
    where,
    message,
    ...(hint === undefined ? {} : { hint }),
  }));
}
