import * as z from 'zod';
import type { ExplanationAnswer } from '../../report/explanation.ts';
import { askProgram } from '../experiments/askProgram.ts';
import { problemsSchema } from '../../launching/runFileSchemas.ts';

const picture = z.string().startsWith('data:image/png;base64,');
const figures = z.array(z.object({ name: z.string(), teacher: z.string(), student: z.string() }));

const answerSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('explained'),
    explanation: z.object({
      sample: z.number(),
      truth: z.array(z.string()).nullable(),
      explained: z.string(),
      correlation: z.number().nullable(),
      method: z.enum(['integrated gradients', 'occlusion']),
      says: z.object({ kind: z.enum(['probabilities', 'numbers']), rows: figures }),
      pictures: z.object({ sample: picture, teacher: picture, student: picture }).nullable(),
      strongest: figures,
    }),
  }),
  z.object({ kind: z.literal('refused'), problems: problemsSchema }),
]) satisfies z.ZodType<ExplanationAnswer>;

/** What a person wants to have explained of a run. */
export interface ExplanationWish {
  /** Index in the test split. */
  readonly sample: number;
  /** A class, or another name of an output; left out it is what the teacher says. */
  readonly output?: string | undefined;
}

/**
 * Asks a child process why teacher and student of a run say what they do of a test sample: it opens the dataset and both networks.
 *
 * @param program path of the bundled child process
 * @throws DistilleryError when the process gives no answer
 */
export function askForExplanation(
  program: string,
  folder: string,
  { sample, output }: ExplanationWish,
): Promise<ExplanationAnswer> {
  return askProgram(program, {
    option: '--explain',
    // The program takes nothing else, and a message of the panel has a kind as well.
    question: { folder, sample, ...(output !== undefined && { output }) },
    answer: answerSchema,
    failure: 'The sample could not be explained.',
  });
}
