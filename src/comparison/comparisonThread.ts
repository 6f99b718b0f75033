// The thread that compares runs for the extension host, which stays free meanwhile. It loads nothing native.
import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import { BadInputError, messageOf } from '../errors.ts';
import { readComparedRuns } from './comparedRun.ts';
import { compareRuns } from './compareRuns.ts';
import { untranslated } from './comparisonTables.ts';
import { renderComparisonPage } from './renderComparisonPage.ts';

const question = z.object({
  folders: z.array(z.string()),
  /** Texts by their English. */
  translations: z.record(z.string(), z.string()),
  language: z.string(),
});

try {
  const { folders, translations, language } = question.parse(workerData);
  const runs = await readComparedRuns(folders);
  const page = renderComparisonPage(
    compareRuns(runs),
    runs,
    (message, ...values) => untranslated(translations[message] ?? message, ...values),
    language,
  );
  parentPort?.postMessage({ page });
} catch (error) {
  const problems = error instanceof BadInputError ? error.problems : [{ where: '', message: messageOf(error) }];
  parentPort?.postMessage({ problems: problems.map(({ where, message }) => ({ where, message })) });
}
