import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BadInputError, type Problem } from '../../errors.ts';
import { parseExperiment } from '../../experiment/parseExperiment.ts';
import type { ExperimentDraft } from '../../protocol/panel.ts';
import { PICKERS } from '../form/describeForm.ts';
import type { Translate } from '../translate.ts';
import { isBuiltin, textAt } from './drafts.ts';

/**
 * Everything that is wrong with a draft and can be known without opening its models and data: what the schema says,
 * and files that are not there.
 */
export async function findProblems(
  draft: ExperimentDraft,
  baseDirectory: string,
  translate: Translate,
): Promise<readonly Problem[]> {
  const missing = await Promise.all(
    Object.keys(PICKERS).map(async (where) => {
      const value = textAt(draft, where);
      if (value === undefined || value === '' || isBuiltin(value)) return [];
      const path = resolve(baseDirectory, value);
      if (await exists(path)) return [];
      return [{ where, message: translate('there is no such file'), hint: translate('Looked for {0}.', path) }];
    }),
  );
  return [...schemaProblems(draft), ...missing.flat()];
}

function schemaProblems(draft: ExperimentDraft): readonly Problem[] {
  try {
    parseExperiment(draft);
    return [];
  } catch (error) {
    if (error instanceof BadInputError) return error.problems;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
