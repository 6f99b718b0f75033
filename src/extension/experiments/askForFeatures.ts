import * as z from 'zod';
import type { FeaturesAnswer } from '../../protocol/features.ts';
import type { ExperimentDraft } from '../../protocol/panel.ts';
import { problemsSchema } from '../../launching/runFileSchemas.ts';
import { askProgram } from './askProgram.ts';

const feature = z.object({
  name: z.string(),
  shape: z.array(z.union([z.number(), z.string()])),
  stage: z.string(),
  lastOfStage: z.boolean(),
});

const answerSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('listed'),
    choices: z.object({
      student: z.array(feature),
      teacher: z.array(feature),
      pairs: z.array(z.object({ student: z.string(), teacher: z.string(), stage: z.string() })),
    }),
  }),
  z.object({ kind: z.literal('refused'), problems: problemsSchema }),
]) satisfies z.ZodType<FeaturesAnswer>;

/**
 * Asks a child process which values inside teacher and student an experiment can compare: it opens the dataset and both networks.
 *
 * @param program path of the bundled child process
 * @throws DistilleryError when the process gives no answer
 */
export function askForFeatures(
  program: string,
  experiment: ExperimentDraft,
  baseDirectory: string,
): Promise<FeaturesAnswer> {
  return askProgram(program, {
    option: '--features',
    question: { experiment, baseDirectory },
    answer: answerSchema,
    failure: 'The values inside the networks could not be listed.',
  });
}
