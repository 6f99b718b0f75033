import * as z from 'zod';
import { baseOfRun } from '../explain/baseOfRun.ts';
import type { explainRun } from '../explain/explainRun.ts';
import { showExplanation } from '../explain/showExplanation.ts';
import type { ExplanationAnswer } from '../report/explanation.ts';
import { refusalOf } from './refusal.ts';

const questionSchema = z.strictObject({
  folder: z.string().min(1),
  sample: z.int().min(0),
  output: z.string().min(1).optional(),
});

/**
 * Answers why teacher and student of a run say what they do of a test sample.
 * @param question JSON with the run folder, the index of the sample and what is to be explained
 */
export async function answerExplanation(
  question: string,
  signal: AbortSignal,
  explain: typeof explainRun,
): Promise<ExplanationAnswer> {
  try {
    const { folder, sample, output } = questionSchema.parse(JSON.parse(question));
    const run = await explain(folder, {
      baseDirectory: baseOfRun(folder) ?? folder,
      samples: () => [sample],
      wish: { output },
      signal,
    });
    const [explanation] = run.explanations;
    if (!explanation) throw new TypeError('Nothing was explained.');
    return { kind: 'explained', explanation: await showExplanation(run, explanation) };
  } catch (error) {
    return refusalOf('explain', error);
  }
}
