import * as z from 'zod';
import type { OutputsAnswer } from '../../protocol/outputForecast.ts';
import type { ExperimentDraft } from '../../protocol/panel.ts';
import { problemsSchema } from '../../launching/runFileSchemas.ts';
import { askProgram } from './askProgram.ts';

const bytes = z.number().nonnegative();

const answerSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('foreseen'),
    sizes: z
      .object({
        stored: bytes,
        there: bytes,
        held: z.object({ where: z.enum(['in-memory', 'on-disk']), bytes }).nullable(),
      })
      .nullable(),
  }),
  z.object({ kind: z.literal('refused'), problems: problemsSchema }),
]) satisfies z.ZodType<OutputsAnswer>;

/**
 * Asks a child process what the outputs of an experiment's teachers will take: it opens the dataset and the networks.
 *
 * @param program path of the bundled child process
 * @param folders that the experiment's relative paths start from, and where outputs are usually kept
 * @throws DistilleryError when the process gives no answer
 */
export function askForOutputs(
  program: string,
  experiment: ExperimentDraft,
  folders: { readonly baseDirectory: string; readonly cacheFolder: string },
): Promise<OutputsAnswer> {
  return askProgram(program, {
    option: '--outputs',
    question: { experiment, ...folders },
    answer: answerSchema,
    failure: "What the teacher's outputs will take could not be found out.",
  });
}
