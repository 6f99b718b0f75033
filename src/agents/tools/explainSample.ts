import { basename } from 'node:path';
import * as z from 'zod';
import { baseOfRun } from '../../explain/baseOfRun.ts';
import { explainRun } from '../../explain/explainRun.ts';
import { showExplanation } from '../../explain/showExplanation.ts';
import { terminalWord } from '../../platform/shellWord.ts';
import { writtenTable } from '../../report/reportSection.ts';
import { inEnglish } from '../../report/wording/reportText.ts';
import { explanationParts } from '../../report/sections/explanationParts.ts';
import { readExperiment } from '../../runFolder/readRun.ts';
import { DistilleryError } from '../../errors.ts';
import { refuseOutside } from '../givenExperiment.ts';
import { findTrainingRun, RUN_FIELD } from '../runFolders.ts';
import { defineTool } from '../tool.ts';
import { joinLines, markdownTable } from '../wording.ts';

export const explainSample = defineTool({
  name: 'explain_sample',
  title: 'Explain a sample',
  description:
    'Tells why teacher and student of a finished run decide as they do on one test sample: what they say, what contributes most, and how ' +
    'alike their reasons are. The section "disagreements" of a report names samples worth a look. Reads only.',
  opens: true,
  input: z.strictObject({
    run: z.string().min(1).describe(RUN_FIELD),
    sample: z.int().min(0).describe('Number of the sample in the test split, from 0.'),
    output: z
      .string()
      .min(1)
      .optional()
      .describe('What is explained, such as a class. Default: what the teacher says.'),
  }),
  run: async ({ run: named, sample, output }, { workspace, signal }) => {
    const { folder } = await findTrainingRun(named, workspace);
    const baseDirectory = workspace.existing(baseOfRun(folder) ?? workspace.folder);
    await refuseOutside(await readExperiment(folder), baseDirectory, workspace);
    const run = await explainRun(folder, { baseDirectory, samples: () => [sample], wish: { output }, signal });
    const [explanation] = run.explanations;
    if (!explanation) throw new DistilleryError('INTERNAL', 'Nothing was explained.');
    const shown = await showExplanation(run, explanation);
    const { title, sentences, sections } = explanationParts(shown);
    return {
      text: joinLines(
        inEnglish(title),
        ...sentences.map(inEnglish),
        ...sections.flatMap(({ title: heading, table }) =>
          table ? [`${inEnglish(heading)}:`, markdownTable(writtenTable(table))] : [],
        ),
        `Everything${shown.pictures ? ', with pictures' : ''}: distillery explain ${terminalWord(workspace.name(folder))} --sample ${sample} --format html > explained.html`,
      ),
      data: {
        run: basename(folder),
        sample,
        truth: shown.truth,
        explained: shown.explained,
        correlation: shown.correlation,
        method: shown.method,
        says: shown.says,
        strongest: shown.strongest,
      },
      whole: folder,
    };
  },
});
